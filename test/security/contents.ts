import type { Parley } from '../support/app-harness';

/** Everything that the database keeps, but for what only reading changes, to be compared before and after. */
export async function contentsOf(
  parley: Parley,
  { without = [] as string[] } = {},
): Promise<Record<string, unknown[]>> {
  const names = (await parley.database.listCollections().toArray()).map(({ name }) => name);
  const kept = names.filter((name) => !without.includes(name)).sort();
  const contents = kept.map(async (name) => [name, await documentsOf(parley, name)] as const);
  return Object.fromEntries(await Promise.all(contents));
}

async function documentsOf(parley: Parley, name: string): Promise<unknown[]> {
  const found = parley.database.collection(name).find().sort({ _id: 1 });
  return (await found.toArray()).map((document) => JSON.parse(JSON.stringify(document)) as unknown);
}
