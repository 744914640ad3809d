export interface Instruction {
  name: string;
  /** Options such as `--from=build`, by name. */
  options: Readonly<Record<string, string>>;
  /** What follows, as it stands. */
  rest: string;
}

export interface Stage {
  name: string | undefined;
  /** The image, or an earlier stage. */
  base: string;
  instructions: Instruction[];
}

const KNOWN = new Set(
  'FROM RUN COPY ENV WORKDIR USER VOLUME EXPOSE STOPSIGNAL HEALTHCHECK CMD ENTRYPOINT ARG LABEL'.split(' '),
);

/** A Dockerfile's stages. @throws on an instruction that it does not know, and on one before the first FROM. */
export function parseDockerfile(text: string): Stage[] {
  const stages: Stage[] = [];
  for (const line of logicalLines(text)) {
    const instruction = parseInstruction(line);
    if (instruction.name === 'FROM') stages.push(parseFrom(instruction.rest));
    else if (stages.length > 0) stages.at(-1)?.instructions.push(instruction);
    else throw new Error(`Before the first FROM: ${line}`);
  }
  return stages;
}

function logicalLines(text: string): string[] {
  const withoutComments = text.replace(/^\s*#.*\n?/gm, '');
  return withoutComments
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '');
}

function parseInstruction(line: string): Instruction {
  const [, name, options = '', rest] = /^(\S+)\s+((?:--\S+\s+)*)(.+)$/.exec(line.trim()) ?? [];
  if (name === undefined || rest === undefined || !KNOWN.has(name)) throw new Error(`Not understood: ${line}`);
  return {
    name,
    options: Object.fromEntries([...options.matchAll(/--([\w-]+)=(\S+)/g)].map(([, k, v]) => [k, v])),
    rest,
  };
}

function parseFrom(rest: string): Stage {
  const [, base, name] = /^(\S+)(?:\s+AS\s+(\S+))?$/.exec(rest) ?? [];
  if (base === undefined) throw new Error(`Not understood: FROM ${rest}`);
  return { name, base, instructions: [] };
}

/** A command's words in the exec form. @throws on the shell form, which stands between signals and the program. */
export function execForm(rest: string): string[] {
  const words: unknown = JSON.parse(rest.replace(/^CMD\s+/, ''));
  if (!Array.isArray(words) || !words.every((word) => typeof word === 'string'))
    throw new Error(`No exec form: ${rest}`);
  return words;
}
