import { doc, type Doc } from '../bson/values';
import type { Leaf, Predicate } from '../query/predicate';
import type { Collection } from '../storage/collection';
import type { IndexDefinition } from '../storage/index-definition';
import type { IndexField } from '../storage/index-keys';
import { behind, boundsOf, intersect, type FieldBounds, type Interval } from './bounds';
import { implies, mayUseSparse, samePath } from './implication';

/** How the documents that satisfy a filter are found. */
export interface Plan {
  /** Absent: all documents, in the order of insertion. */
  index: IndexDefinition | undefined;
  /** Ascending and apart from each other. */
  ranges: Interval[];
  backward: boolean;
  /** Each range is one key of a unique index. */
  single: boolean;
  /** The documents come in the order asked for. */
  sorted: boolean;
  /** What is left to test on each document. */
  residual: Predicate | undefined;
}

/** What a plan is made for. */
export interface PlanRequest {
  predicate: Predicate;
  sort?: readonly IndexField[];
}

const MAX_RANGES = 2000;
/** The score of an index that leads to one document: none is better. */
const ONE_DOCUMENT = 1000;
const EVERYTHING: Interval = { low: undefined, high: undefined };

/** Chooses an index: most fields fixed by equality first, then one that serves the sort, then a range. */
export function planFor(collection: Collection, { predicate, sort }: PlanRequest): Plan {
  const conjuncts = conjunctsOf(predicate);
  let best: Candidate | undefined;
  for (const index of collection.indexes) {
    const candidate = consider(index, conjuncts, sort);
    if (candidate && candidate.useful && (!best || candidate.score > best.score)) best = candidate;
    if (best && best.score >= ONE_DOCUMENT) break;
  }
  const everything = { index: undefined, ranges: [EVERYTHING], backward: false, single: false, sorted: !sort };
  return best?.plan ?? { ...everything, residual: all(conjuncts) };
}

function conjunctsOf(predicate: Predicate): Predicate[] {
  return predicate.kind === 'and' ? predicate.parts.flatMap(conjunctsOf) : [predicate];
}

const all = (parts: readonly Predicate[]): Predicate | undefined =>
  parts.length > 1 ? { kind: 'and', parts: [...parts] } : parts[0];

interface Candidate {
  plan: Plan;
  score: number;
  /** It reads less than all, or in the right order. */
  useful: boolean;
}

function consider(
  index: IndexDefinition,
  conjuncts: readonly Predicate[],
  sort: readonly IndexField[] | undefined,
): Candidate | undefined {
  if (index.partial && !implies(conjuncts, index.partial)) return undefined;
  if (index.sparse && !mayUseSparse(index, conjuncts)) return undefined;
  const { fields, used } = fieldBounds(index, conjuncts);
  const points = fields.filter((bounds) => bounds.points).length;
  const range = fields.length > points;
  const order = sort && servedOrder(index, fields, sort);
  const plan: Plan = {
    index,
    ranges: rangesOf(fields),
    backward: order === 'backward',
    single: index.unique && points === index.fields.length,
    sorted: !sort || order !== undefined,
    residual: all(conjuncts.filter((part) => !used.has(part))),
  };
  const score =
    (plan.single ? ONE_DOCUMENT : 0) + points * 10 + (order ? 5 : 0) + (range ? 3 : 0) - index.fields.length / 100;
  return { plan, score, useful: points > 0 || range || order !== undefined };
}

/** The bounds of the leading fields, up to a range, and the conjuncts that need no further test. */
function fieldBounds(
  index: IndexDefinition,
  conjuncts: readonly Predicate[],
): { fields: FieldBounds[]; used: Set<Predicate> } {
  const fields: FieldBounds[] = [];
  const used = new Set<Predicate>();
  let sawArray = false;
  let ranges = 1;
  for (const [i, field] of index.fields.entries()) {
    const isArray = index.multikey[i] === true;
    const usable = usableBounds(conjuncts, field);
    if (usable.length === 0 || (isArray && sawArray)) break;
    // Of an array each test may be met by another element: only one of them can be used, best one that fixes it.
    const taken = isArray ? [usable.find(({ bounds }) => bounds.points) ?? usable[0]!] : usable;
    const bounds = taken.map((item) => item.bounds).reduce(intersect);
    ranges *= bounds.intervals.length;
    if (ranges > MAX_RANGES) break;
    for (const item of taken) if (item.bounds.exact) used.add(item.leaf);
    fields.push(bounds);
    sawArray ||= isArray;
    if (!bounds.points) break;
  }
  return { fields, used };
}

/** The tests of a field that set bounds. */
function usableBounds(conjuncts: readonly Predicate[], field: IndexField): { leaf: Leaf; bounds: FieldBounds }[] {
  const usable: { leaf: Leaf; bounds: FieldBounds }[] = [];
  for (const leaf of conjuncts) {
    if (leaf.kind !== 'leaf' || !samePath(leaf, field)) continue;
    const bounds = boundsOf(leaf, field.descending);
    if (bounds) usable.push({ leaf, bounds });
  }
  return usable;
}

function rangesOf(fields: readonly FieldBounds[]): Interval[] {
  let ranges = fields[0]?.intervals ?? [EVERYTHING];
  for (const { intervals } of fields.slice(1)) ranges = ranges.flatMap(({ low }) => behind(low!, intervals));
  return ranges;
}

/**
 * The direction in which the index gives the order asked for; fields fixed to one value do not count, unless it is one
 * among others in an array: all of those are sorted by.
 */
function servedOrder(
  index: IndexDefinition,
  bounds: readonly FieldBounds[],
  sort: readonly { name: string; descending: boolean }[],
): 'forward' | 'backward' | undefined {
  const isFixed = (i: number): boolean => bounds[i]?.points === true && bounds[i].intervals.length === 1;
  const fixed = new Set(index.fields.filter((_, i) => isFixed(i)).map((field) => field.name));
  const fields = index.fields.map((field, i) => ({ ...field, isArray: index.multikey[i] }));
  const wanted = sort.filter(({ name }) => !fixed.has(name) || fields.some((one) => one.isArray && one.name === name));
  const given = fields.filter((field) => !fixed.has(field.name));
  const turned = wanted.map(({ name, descending }, i) => {
    const field = given[i];
    return field?.name === name && !field.isArray ? field.descending !== descending : undefined;
  });
  if (turned.every((item) => item === false)) return 'forward';
  return turned.every((item) => item === true) ? 'backward' : undefined;
}

/** A plan in the words of MongoDB's `explain`. */
export function describePlan(plan: Plan | undefined): Doc {
  if (!plan) return doc({ stage: 'EOF' });
  const access = plan.residual && plan.index ? doc({ stage: 'FETCH', inputStage: accessOf(plan) }) : accessOf(plan);
  return plan.sorted ? access : doc({ stage: 'SORT', inputStage: access });
}

function accessOf({ index, backward, ranges }: Plan): Doc {
  const direction = backward ? 'backward' : 'forward';
  if (!index) return doc({ stage: 'COLLSCAN', direction });
  return doc({
    stage: 'IXSCAN',
    indexName: index.name,
    keyPattern: index.spec.get('key'),
    isMultiKey: index.isMultikey,
    direction,
    ranges: ranges.length,
  });
}
