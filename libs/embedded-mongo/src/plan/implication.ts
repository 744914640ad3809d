import { compareValues, valuesEqual } from '../bson/compare';
import { typeNumber, typeOrder, type Value } from '../bson/values';
import type { Leaf, Predicate } from '../query/predicate';
import type { IndexDefinition } from '../storage/index-definition';

/** True if every document that satisfies the conjuncts is sure to satisfy the filter of a partial index. */
export function implies(conjuncts: readonly Predicate[], filter: Predicate): boolean {
  if (filter.kind === 'and') return filter.parts.every((part) => implies(conjuncts, part));
  if (filter.kind === 'or') return filter.parts.some((part) => implies(conjuncts, part));
  if (filter.kind !== 'leaf') return false;
  return conjuncts.some(
    (part) => part.kind === 'leaf' && part.path.join('.') === filter.path.join('.') && leafImplies(part, filter),
  );
}

/** True if no document that the sparse index leaves out can satisfy the conjuncts. */
export function mayUseSparse(index: IndexDefinition, conjuncts: readonly Predicate[]): boolean {
  return conjuncts.some(
    (part) =>
      part.kind === 'leaf' && needsValue(part) && index.fields.some((field) => field.name === part.path.join('.')),
  );
}

const isNothing = (value: Value): boolean => value === null;

/** True if a missing field cannot pass. */
const needsValue = (leaf: Leaf): boolean => !leaf.test(undefined);

function leafImplies(leaf: Leaf, filter: Leaf): boolean {
  if (leaf.operator === 'eq' && !isNothing(leaf.operand) && !Array.isArray(leaf.operand))
    return filter.test(leaf.operand);
  if (leaf.operator === 'in')
    return (leaf.operand as Value[]).every((item) => !isNothing(item) && !Array.isArray(item) && filter.test(item));
  if (filter.operator === 'exists') return needsValue(leaf);
  if (filter.operator === 'type') return typeImplied(leaf, filter.operand as number[]);
  return leaf.operator === filter.operator ? sameOrNarrower(leaf, filter) : false;
}

function sameOrNarrower(leaf: Leaf, filter: Leaf): boolean {
  if (valuesEqual(leaf.operand, filter.operand)) return true;
  if (typeOrder(leaf.operand) !== typeOrder(filter.operand)) return false;
  const order = compareValues(leaf.operand, filter.operand);
  if (leaf.operator === 'gt' || leaf.operator === 'gte') return order > 0;
  return (leaf.operator === 'lt' || leaf.operator === 'lte') && order < 0;
}

/** A range stays within its type; of numbers all four types have to be allowed. */
function typeImplied(leaf: Leaf, types: readonly number[]): boolean {
  if (!['gt', 'gte', 'lt', 'lte'].includes(leaf.operator) || isNothing(leaf.operand)) return false;
  const number = typeNumber(leaf.operand);
  if ([127, -1].includes(number)) return false;
  return [1, 16, 18, 19].includes(number)
    ? [1, 16, 18, 19].every((one) => types.includes(one))
    : types.includes(number);
}
