import { prettyLine, PrettyLog } from './pretty-log';

const TIME = Date.UTC(2026, 10, 22, 19, 8, 18, 5);

describe('PrettyLog', () => {
  it('writes time, level, place, message and the rest, with a stack below', () => {
    const lines: string[] = [];
    const log = new PrettyLog({ write: (text) => lines.push(text) });
    log.write(JSON.stringify({ level: 30, time: TIME, context: 'Gateway', msg: 'open', connection: 7 }) + '\n');
    log.write(JSON.stringify({ level: 50, time: TIME, msg: 'failed', err: { stack: 'Error: x\n  at y' } }) + '\n');
    expect(lines).toEqual([
      '19:08:18.005 info  [Gateway] open {"connection":7}\n',
      '19:08:18.005 ERROR failed\nError: x\n  at y\n',
    ]);
  });

  it('leaves alone what it cannot read', () => {
    for (const line of ['not json\n', '{"time":"never"}\n', 'null\n']) expect(prettyLine(line)).toBe(line);
  });
});
