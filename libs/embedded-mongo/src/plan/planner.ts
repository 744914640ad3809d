import type { Collection } from '../storage/collection';
import type { IndexDefinition } from '../storage/index-definition';
import type { Leaf, Predicate } from '../query/predicate';
import { behind, boundsOf, intersect, type FieldBounds, type Interval } from './bounds';
import { implies, mayUseSparse } from './implication';
import type { SortOrder } from './sort-order';

/** How the documents that satisfy a filter are found. */
export interface Plan {
  /** Absent: all documents, in the order of insertion. */
  index: IndexDefinition | undefined;
  /** Ascending and apart from each other. */
  ranges: Interval[];
  backward: boolean;
  /** The documents come in the order asked for. */
  sorted: boolean;
  /** What is left to test on each document. */
  residual: Predicate | undefined;
  /** The plans of the branches of an `$or`, in place of an index. */
  branches?: Plan[];
}

const MAX_RANGES = 2000;

/** Chooses an index: most fields fixed by equality first, then one that serves the sort, then a range. */
export function planFor(collection: Collection, predicate: Predicate, sort?: SortOrder): Plan {
  const conjuncts = conjunctsOf(predicate);
  let best: { plan: Plan; score: number } | undefined;
  for (const index of collection.indexes) {
    const candidate = consider(index, conjuncts, sort);
    if (candidate && (!best || candidate.score > best.score)) best = candidate;
  }
  return best?.plan ?? unionPlan(collection, conjuncts, sort) ?? fullScan(predicate, sort);
}

function fullScan(predicate: Predicate, sort: SortOrder | undefined): Plan {
  const natural = sort && 'natural' in sort ? sort.natural : undefined;
  const always = predicate.kind === 'and' && predicate.parts.length === 0;
  return {
    index: undefined,
    ranges: [],
    backward: natural === -1,
    sorted: !sort || natural !== undefined,
    residual: always ? undefined : predicate,
  };
}

function conjunctsOf(predicate: Predicate): Predicate[] {
  return predicate.kind === 'and' ? predicate.parts.flatMap(conjunctsOf) : [predicate];
}

function unionPlan(
  collection: Collection,
  conjuncts: readonly Predicate[],
  sort: SortOrder | undefined,
): Plan | undefined {
  for (const part of conjuncts) {
    if (part.kind !== 'or') continue;
    const branches = part.parts.map((branch) => planFor(collection, branch));
    if (branches.some((branch) => !branch.index)) continue;
    return {
      index: undefined,
      ranges: [],
      backward: false,
      sorted: !sort,
      residual: { kind: 'and', parts: [...conjuncts] },
      branches,
    };
  }
  return undefined;
}

function consider(
  index: IndexDefinition,
  conjuncts: readonly Predicate[],
  sort: SortOrder | undefined,
): { plan: Plan; score: number } | undefined {
  if (index.partial && !implies(conjuncts, index.partial)) return undefined;
  if (index.sparse && !mayUseSparse(index, conjuncts)) return undefined;
  const { fields, used } = fieldBounds(index, conjuncts);
  const points = leadingPoints(fields);
  const range = fields[points] !== undefined;
  const order = sort && 'fields' in sort ? servedOrder(index, fields, sort) : undefined;
  if (points === 0 && !range && !order) return undefined;
  const rest = conjuncts.filter((part) => !used.has(part));
  const plan: Plan = {
    index,
    ranges: rangesOf(fields.slice(0, points + 1)),
    backward: order === 'backward',
    sorted: !sort || order !== undefined,
    residual: rest.length === 0 ? undefined : { kind: 'and', parts: rest },
  };
  const whole = index.unique && points === index.fields.length ? 1000 : 0;
  return { plan, score: whole + points * 10 + (order ? 5 : 0) + (range ? 3 : 0) - index.fields.length / 100 };
}

/** The bounds of the leading fields, and the conjuncts that need no further test. */
function fieldBounds(
  index: IndexDefinition,
  conjuncts: readonly Predicate[],
): { fields: FieldBounds[]; used: Set<Predicate> } {
  const fields: FieldBounds[] = [];
  const used = new Set<Predicate>();
  let sawArray = false;
  let product = 1;
  for (const [i, field] of index.fields.entries()) {
    const isArray = index.multikey[i] === true;
    const leaves = conjuncts.filter((part): part is Leaf => part.kind === 'leaf' && part.path.join('.') === field.name);
    const usable = leaves
      .map((leaf) => ({ leaf, bounds: boundsOf(leaf, field.descending) }))
      .filter((item) => item.bounds !== undefined);
    if (usable.length === 0 || (isArray && sawArray)) break;
    usable.sort((a, b) => Number(b.bounds!.points !== undefined) - Number(a.bounds!.points !== undefined));
    const taken = isArray ? usable.slice(0, 1) : usable;
    const bounds = taken.map((item) => item.bounds!).reduce(intersect);
    product *= bounds.points?.length ?? 1;
    if (product > MAX_RANGES) break;
    for (const item of taken) if (item.bounds!.exact) used.add(item.leaf);
    fields.push(bounds);
    sawArray ||= isArray;
    if (!bounds.points) break;
  }
  return { fields, used };
}

function leadingPoints(fields: readonly FieldBounds[]): number {
  const end = fields.findIndex((bounds) => !bounds.points);
  return end < 0 ? fields.length : end;
}

function rangesOf(fields: readonly FieldBounds[]): Interval[] {
  let ranges: Interval[] = [{ low: undefined, high: undefined }];
  let prefixes: Buffer[] = [Buffer.alloc(0)];
  for (const bounds of fields) {
    ranges = prefixes.flatMap((prefix) => behind(prefix, bounds.intervals));
    prefixes = prefixes.flatMap((prefix) => (bounds.points ?? []).map((point) => Buffer.concat([prefix, point])));
  }
  return ranges;
}

/** The direction in which the index gives the order asked for; fields fixed to one value do not count. */
function servedOrder(
  index: IndexDefinition,
  bounds: readonly FieldBounds[],
  sort: SortOrder & object,
): 'forward' | 'backward' | undefined {
  if (!('fields' in sort)) return undefined;
  const fixed = new Set(index.fields.filter((_, i) => bounds[i]?.points?.length === 1).map((field) => field.name));
  const wanted = sort.fields.filter((field) => !fixed.has(field.name));
  const given = index.fields
    .map((field, i) => ({ ...field, isArray: index.multikey[i] }))
    .filter((field) => !fixed.has(field.name));
  if (wanted.length > given.length) return undefined;
  const turned = wanted.map((field, i) =>
    given[i]!.name !== field.name || given[i]!.isArray ? undefined : given[i]!.descending !== field.descending,
  );
  if (turned.every((item) => item === false)) return 'forward';
  return turned.every((item) => item === true) ? 'backward' : undefined;
}
