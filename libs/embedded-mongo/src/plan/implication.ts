import { compareValues, valuesEqual } from '../bson/compare';
import { isNumeric, MaxKey, MinKey, TYPES, typeOf, typeOrder, type Value } from '../bson/values';
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
  if (filter.operator === 'type') return typeImplied(leaf, filter.operand as number[]);
  return leaf.operator === filter.operator && sameOrNarrower(leaf, filter);
}

function sameOrNarrower(leaf: Leaf, filter: Leaf): boolean {
  if (valuesEqual(leaf.operand, filter.operand)) return true;
  const order = compareValues(leaf.operand, filter.operand);
  if (typeOrder(leaf.operand) !== typeOrder(filter.operand)) return false;
  return leaf.operator.startsWith('g') ? order > 0 : leaf.operator.startsWith('l') && order < 0;
}

/** A range stays within its type; of numbers all four types have to be allowed. */
function typeImplied({ operator, operand }: Leaf, types: readonly number[]): boolean {
  if (!/^[gl]te?$/.test(operator) || operand === null) return false;
  if (operand instanceof MinKey || operand instanceof MaxKey) return false;
  const needed = isNumeric(operand) ? [TYPES.int, TYPES.long, TYPES.double, TYPES.decimal] : [typeOf(operand)];
  return needed.every(({ number }) => types.includes(number));
}
