/** The family names that nine of ten Vietnamese have, and that come first. */
const FAMILY_NAMES = new Set(
  'nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đinh đoàn trịnh trương'.split(' '),
);

/** What somebody is called by friends: the first word of a name, or the last one where the family name stands first. */
export function shortName(name: string): string {
  const words = name.normalize('NFC').trim().split(/\s+/u);
  const [first = '', last = ''] = [words.at(0), words.at(-1)];
  const isFamilyFirst = isFamilyName(first) && !(words.length === 2 && isFamilyName(last));
  return isFamilyFirst ? last : first;
}

function isFamilyName(word: string): boolean {
  return FAMILY_NAMES.has(word.toLocaleLowerCase('vi'));
}
