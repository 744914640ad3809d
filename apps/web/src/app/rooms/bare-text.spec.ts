import fc from 'fast-check';
import { bareText } from './bare-text';

const oneLine = (text: string) => bareText(text).replace(/\s+/g, ' ').trim();

describe('bareText', () => {
  it.each([
    ['**bold**, *italic* and ***both***', 'bold, italic and both'],
    ['__bold__ and _italic_', 'bold and italic'],
    ['~~gone~~ and ~gone~', 'gone and gone'],
    ['**bold with _more_ in it**', 'bold with more in it'],
    ['**over\nlines**', 'over lines'],
    ['un**believ**able', 'unbelievable'],
    ['see [the map](https://a.b/c_(d)?e=*f*) please', 'see the map please'],
    ['[**here**](https://a.b "Title")', 'here'],
    ['> quoted\n> > twice\n# Title\n- item\n* other\n+ third', 'quoted twice Title item other third'],
    ['- [ ] milk\n- [x] bread', 'milk bread'],
    ['```ts\nconst a = **b**;\n```\nafter', 'const a = **b**; after'],
    ['```\nnever closed', 'never closed'],
    ['~~~\nwaves\n~~~', 'waves'],
    ['`__init__` and ``a ` b``', '__init__ and a ` b'],
    ['**`code` in bold**', 'code in bold'],
    ['| a | b |\n|---|:-:|\n| 1 | **2** |', 'a b 1 2'],
    ['\\*not italic\\*', '*not italic*'],
  ])('S16 reads %j without its signs', (text, bare) => {
    expect(oneLine(text)).toBe(bare);
  });

  it.each([
    '2*3*4 - 1 > 0',
    '2 ** 3 and 2**3',
    'snake_case_name and __init',
    'a * b * c',
    '** not bold **',
    '~5 or ~ 6',
    '![picture](https://a.b)',
    'a | b',
    '[not a link] (here)',
    '1. first',
    'C# and #1',
    '`',
    'a\\b',
    '\uE0005\uE001',
  ])('leaves %j as it is', (text) => {
    expect(oneLine(text)).toBe(text);
  });

  it('takes any text, and makes none longer', () => {
    const signs = fc.constantFrom(
      '*',
      '**',
      '_',
      '__',
      '~',
      '`',
      '```',
      '\n',
      '[',
      '](',
      ')',
      '|',
      '-',
      '> ',
      '\\',
      'a',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(signs, { maxLength: 80 }), (parts) => {
        const text = parts.join('');
        expect(bareText(text).length).toBeLessThanOrEqual(text.length);
      }),
    );
  });

  it.each(['*', '**a', '_a ', '[', '`', '~~a', '|-\n', '> '])('takes %j over and over without taking long', (part) => {
    expect(bareText(part.repeat(8_000)).length).toBeLessThanOrEqual(1_000);
  });
});
