/** What a row of one line takes, each further line, and how many characters a line has: roughly. In pixels. */
const ONE_LINE = 46;
const LINE = 22;
const CHARACTERS = 60;

/** About how high a message will be. Close enough for a scroll bar; what is rendered is measured. */
export function estimatedHeight(text: string): number {
  if (text.length <= CHARACTERS && !text.includes('\n')) return ONE_LINE;
  const lines = text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / CHARACTERS)), 0);
  return ONE_LINE + (lines - 1) * LINE;
}
