import { valuesEqual } from '../bson/compare';
import type { Value } from '../bson/values';
import type { Leaf, Predicate } from '../query/predicate';
import type { IndexDefinition } from '../storage/index-definition';

/** True if every document that satisfies the conjuncts is sure to satisfy the filter of a partial index. */
export function implies(conjuncts: readonly Predicate[], filter: Predicate): boolean {
  if (filter.kind === 'and') return filter.parts.every((part) => implies(conjuncts, part));
  if (filter.kind !== 'leaf') return false;
  return conjuncts.some((part) => part.kind === 'leaf' && samePath(part, filter) && leafImplies(part, filter));
}

/** True if no document that the sparse index leaves out can satisfy the conjuncts. */
export const mayUseSparse = (index: IndexDefinition, conjuncts: readonly Predicate[]): boolean =>
  conjuncts.some(
    (part) => part.kind === 'leaf' && needsValue(part) && index.fields.some((field) => samePath(part, field)),
  );

/** True if both are about the same field. */
export const samePath = (a: Pick<Leaf, 'path'>, b: Pick<Leaf, 'path'>): boolean =>
  a.path.length === b.path.length && a.path.every((name, i) => name === b.path[i]);

/** True if a missing field cannot pass. */
const needsValue = (leaf: Leaf): boolean => !leaf.test(undefined);

function leafImplies(leaf: Leaf, filter: Leaf): boolean {
  const values = leaf.operator === 'eq' ? [leaf.operand] : leaf.operator === 'in' ? (leaf.operand as Value[]) : [null];
  if (values.every((value) => value !== null && !Array.isArray(value))) return values.every((one) => filter.test(one));
  if (filter.operator === 'exists') return needsValue(leaf);
  return leaf.operator === filter.operator && valuesEqual(leaf.operand, filter.operand);
}
