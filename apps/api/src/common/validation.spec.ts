import 'reflect-metadata';
import fc from 'fast-check';
import { DomainError } from './domain-error';
import { PageQueryDto } from './page';
import { MayBeAbsent, MessageText, Nested, ObjectIdString, PersonName, UserRefs, WholeNumber } from './text-decorators';
import { DtoPipe, validateDto } from './validation';

class InnerDto {
  @WholeNumber(2, 10)
  size!: number;
}

class OuterDto {
  @PersonName()
  name!: string;

  @MayBeAbsent()
  @MessageText()
  text?: string;

  @MayBeAbsent()
  @UserRefs(1)
  users?: string[];

  @MayBeAbsent()
  @Nested(() => InnerDto)
  inner?: InnerDto;
}

function refusalOf(value: unknown, dto: new () => object = OuterDto): DomainError {
  try {
    validateDto(dto, value);
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('It was accepted.');
}

const fieldsOf = (value: unknown): Record<string, string> | undefined => refusalOf(value).more?.fields;

describe('validateDto', () => {
  it('gives an instance with tidied fields', () => {
    const dto = validateDto(OuterDto, { name: '  An  ', text: 'a\r\nb', users: [' 0912 '], inner: { size: 3 } });
    expect(dto).toBeInstanceOf(OuterDto);
    expect(dto.inner).toBeInstanceOf(InnerDto);
    expect({ ...dto, inner: { ...dto.inner } }).toEqual({
      name: 'An',
      text: 'a\nb',
      users: ['0912'],
      inner: { size: 3 },
    });
  });

  it('names the wrong field by its path, with what is asked for', () => {
    expect(fieldsOf({ name: 'An', inner: { size: 99 } })).toEqual({
      'inner.size': 'A whole number from 2 to 10 is asked for.',
    });
    expect(fieldsOf({})).toEqual({ name: 'A text is asked for.' });
  });

  it.each([[{ $gt: '' }], [null], [['An']], [7], [true], [{ toString: 'x' }]])(
    'refuses %j in place of a text',
    (name) => {
      expect(fieldsOf({ name })).toEqual({ name: 'A text is asked for.' });
    },
  );

  it.each([['7'], [7.5], [1e300], [null], [-0.1], [{ valueOf: 3 }]])(
    'refuses %j in place of a whole number',
    (size) => {
      expect(fieldsOf({ name: 'An', inner: { size } })).toHaveProperty(['inner.size']);
    },
  );

  it('does not take null for an absent field', () => {
    expect(fieldsOf({ name: 'An', text: null })).toEqual({ text: 'A text is asked for.' });
  });

  it.each([[null], ['x'], [['x']], [7], [[]], [[{ size: 3 }]]])('refuses %j in place of a nested object', (inner) => {
    expect(refusalOf({ name: 'An', inner }).code).toBe('VALIDATION_FAILED');
  });

  it('checks each item of a list', () => {
    for (const users of [
      [],
      ['0912', 7],
      ['0912', '\u0000abc'],
      'x',
      { length: 1, 0: '0912' },
      Array(201).fill('0912'),
    ]) {
      expect(fieldsOf({ name: 'An', users })).toHaveProperty('users');
    }
  });

  it('refuses fields it does not know, and shows only harmless names', () => {
    expect(fieldsOf({ name: 'An', role: 'administrator' })).toEqual({ role: 'This field is not known.' });
    expect(fieldsOf({ name: 'An', 'x y\u202e': 1 })).toEqual({ '*': 'This field is not known.' });
    expect(fieldsOf({ name: 'An', ['k'.repeat(5_000)]: 1 })).toEqual({ '*': 'This field is not known.' });
  });

  it('refuses fields with the names of methods that every object has', () => {
    expect(fieldsOf({ name: 'An', toString: 'x' })).toEqual({ '*': 'This field is not known.' });
    expect(fieldsOf({ name: 'An', inner: { size: 3, valueOf: 1 } })).toEqual({ '*': 'This field is not known.' });
  });

  it('refuses keys that reach prototypes, at every depth, and leaves every prototype as it was', () => {
    for (const json of [
      '{"name":"An","__proto__":{"text":"x"}}',
      '{"name":"An","constructor":{"prototype":{"polluted":1}}}',
      '{"name":"An","inner":{"size":3,"__proto__":{"polluted":1}}}',
      '{"name":{"constructor":"x"}}',
    ]) {
      expect(refusalOf(JSON.parse(json)).code).toBe('VALIDATION_FAILED');
    }
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it('refuses bottomless nesting without exhausting the stack', () => {
    const deep = JSON.parse(`{"name":${'['.repeat(40_000)}${']'.repeat(40_000)}}`) as object;
    expect(refusalOf(deep).code).toBe('VALIDATION_FAILED');
  });

  it('answers anything that JSON can say with an instance or VALIDATION_FAILED, and never repeats a value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const { code, message, more } = refusalOf({ name: value, 'not-known': 1 });
        expect(code).toBe('VALIDATION_FAILED');
        if (typeof value === 'string' && value.length > 12)
          expect(JSON.stringify([message, more])).not.toContain(value);
      }),
    );
  });

  it.each([undefined, null, 'x', 7, [], [{ name: 'An' }]])('asks for an object instead of %j', (value) => {
    expect(refusalOf(value).code).toBe('VALIDATION_FAILED');
  });
});

describe('numbers in a query string', () => {
  it('reads decimal digits', () => {
    expect(validateDto(PageQueryDto, { limit: '100' }).limit).toBe(100);
  });

  it.each(['0', '101', '-1', '+5', '5.0', '1e1', ' 5', '0x10', '05', '', 'NaN', '٥', ['5', '6']])(
    'refuses %j',
    (limit) => {
      expect(refusalOf({ limit }, PageQueryDto).more?.fields).toHaveProperty('limit');
    },
  );
});

describe('ObjectIdString', () => {
  class RefDto {
    @ObjectIdString()
    id!: string;
  }

  it('refuses operators and short ids', () => {
    for (const id of [{ $ne: null }, '665f', '', 'z'.repeat(24)])
      expect(refusalOf({ id }, RefDto).more?.fields).toHaveProperty('id');
  });
});

describe('DtoPipe', () => {
  const pipe = new DtoPipe();

  it('validates what a DTO class stands for, and leaves the rest', () => {
    expect(pipe.transform({ name: ' An ' }, { type: 'body', metatype: OuterDto })).toEqual({ name: 'An' });
    expect(() => pipe.transform(undefined, { type: 'body', metatype: OuterDto })).toThrow(DomainError);
    expect(pipe.transform('as it is', { type: 'param', metatype: String })).toBe('as it is');
    expect(pipe.transform({ a: 1 }, { type: 'custom', metatype: OuterDto })).toEqual({ a: 1 });
  });
});
