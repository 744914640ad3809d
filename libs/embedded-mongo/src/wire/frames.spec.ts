import * as fc from 'fast-check';
import { CommandFailure } from '../failure';
import { doc } from '../bson/values';
import { encodeDocument } from '../bson/encode';
import { frameOf } from '../testing/engine-harness';
import { encodeReply, FrameSplitter, MAX_MESSAGE, parseRequest, ProtocolViolation } from './frames';

const withFlags = (frame: Buffer, flags: number): Buffer => {
  const copy = Buffer.from(frame);
  copy.writeUInt32LE(flags, 16);
  return copy;
};

const withOpcode = (frame: Buffer, opcode: number): Buffer => {
  frame.writeInt32LE(opcode, 12);
  return frame;
};

const resized = (frame: Buffer): Buffer => {
  frame.writeInt32LE(frame.length, 0);
  return frame;
};

describe('cutting the stream', () => {
  it('finds the frames however the bytes come', () => {
    const frames = [frameOf({ ping: 1 }), frameOf({ hello: 1, text: 'x'.repeat(500) }), frameOf({ ping: 2 })];
    const stream = Buffer.concat(frames);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 30 }), (sizes) => {
        const splitter = new FrameSplitter();
        const found: Buffer[] = [];
        let at = 0;
        for (const size of sizes) {
          found.push(...splitter.push(stream.subarray(at, at + size)));
          at = Math.min(stream.length, at + size);
        }
        if (at < stream.length) found.push(...splitter.push(stream.subarray(at)));
        expect(found.map(String)).toEqual(frames.map(String));
      }),
    );
  });

  it.each([0, 15, -1, MAX_MESSAGE + 1])('refuses a message of %d bytes', (length) => {
    const head = Buffer.alloc(16);
    head.writeInt32LE(length, 0);
    expect(() => new FrameSplitter().push(head)).toThrow(ProtocolViolation);
  });
});

describe('reading a message', () => {
  it('leaves documents to insert encoded', () => {
    const request = parseRequest(frameOf({ insert: 'a', documents: [{ _id: 1 }] }));
    expect(request.body.get('documents')).toEqual([encodeDocument(doc({ _id: 1 }))]);
  });

  it('joins a document sequence with the body', () => {
    const one = encodeDocument(doc({ q: {}, u: { $set: { a: 1 } } }));
    const name = Buffer.from('updates\0');
    const section = Buffer.alloc(5);
    section[0] = 1;
    section.writeInt32LE(4 + name.length + one.length, 1);
    const request = parseRequest(resized(Buffer.concat([frameOf({ update: 'a' }), section, name, one])));
    expect(request.body.get('updates')).toEqual([doc({ q: {}, u: { $set: { a: 1 } } })]);
  });

  it('passes over a checksum and knows when no reply is wanted', () => {
    const frame = resized(Buffer.concat([withFlags(frameOf({ ping: 1 }), 1 | 2), Buffer.alloc(4)]));
    expect(parseRequest(frame)).toMatchObject({ expectsReply: false });
  });

  it.each([
    ['an unknown required flag', withFlags(frameOf({ ping: 1 }), 8)],
    ['an unknown opcode', withOpcode(frameOf({ ping: 1 }), 1)],
    ['two bodies', resized(Buffer.concat([frameOf({ ping: 1 }), Buffer.from([0]), encodeDocument(doc({}))]))],
    ['no body', resized(Buffer.from(frameOf({ ping: 1 }).subarray(0, 20)))],
  ])('breaks off at %s', (_, frame: Buffer) => {
    expect(() => parseRequest(frame)).toThrow(ProtocolViolation);
  });

  it('never throws anything but what closes the connection or is answered', () => {
    const valid = frameOf({
      insert: 'a',
      documents: [{ _id: 1, text: 'hello', list: [1, 2, { a: null }] }],
      ordered: true,
    });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 4, max: valid.length - 1 }), fc.nat(255)), { maxLength: 8 }),
        fc.integer({ min: 16, max: valid.length }),
        (changes, cut) => {
          const broken = resized(Buffer.from(valid.subarray(0, cut)));
          for (const [at, byte] of changes) if (at < broken.length) broken[at] = byte;
          try {
            parseRequest(broken);
          } catch (error) {
            expect(error instanceof ProtocolViolation || error instanceof CommandFailure).toBe(true);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });
});

describe('replies', () => {
  it('answers a query with a reply of the old kind', () => {
    const frame = encodeReply({ id: 7, legacy: true }, 9, doc({ ok: 1 }));
    expect([frame.readInt32LE(0), frame.readInt32LE(8), frame.readInt32LE(12), frame.readInt32LE(32)]).toEqual([
      frame.length,
      7,
      1,
      1,
    ]);
  });
});
