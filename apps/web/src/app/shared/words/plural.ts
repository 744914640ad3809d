import { lazily } from '../lazily';

/** The forms of a phrase by number; `other` serves where a language has no form of its own. */
export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** Chooses, by the rules of one language, the form that goes with a number. */
export function pluralOf(language: string): (count: number, forms: PluralForms) => string {
  const rules = lazily(() => new Intl.PluralRules(language));
  return (count, forms) => forms[rules().select(count)] ?? forms.other;
}
