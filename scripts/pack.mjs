import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** What is text; pictures and fonts are packed already. */
const TEXT = /\.(html|js|css|json|svg|webmanifest|txt)$/;

const PACKERS = {
  '.br': (text) => brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: text.length } }),
  '.gz': (text) => gzipSync(text, { level: 9 }),
};

/** Puts beside each text file of a folder its packed forms, where they are smaller: the server never packs. */
export function pack(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  for (const file of files.filter(({ name }) => TEXT.test(name))) {
    const path = join(file.parentPath ?? file.path, file.name);
    const text = readFileSync(path);
    for (const [suffix, packed] of Object.entries(PACKERS).map(([suffix, packer]) => [suffix, packer(text)])) {
      if (packed.length < text.length) writeFileSync(path + suffix, packed);
    }
  }
}
