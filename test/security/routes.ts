import type { Parley } from '../support/app-harness';

interface Layer {
  route?: { path: unknown; methods: Readonly<Record<string, boolean>> };
}

/** Every route that the running server has, such as `GET /api/rooms/:id`, but for the pages of the documentation. */
export function routesOf(parley: Parley): string[] {
  const { router } = parley.app.getHttpAdapter().getInstance() as { router: { stack: Layer[] } };
  const found = router.stack.flatMap(({ route }) => {
    const methods = Object.keys(route?.methods ?? {});
    // What answers to all methods is middleware of a path, not a route.
    return methods.length === 1 ? [`${methods[0]!.toUpperCase()} ${String(route?.path)}`] : [];
  });
  return [...new Set(found)].filter((route) => !route.startsWith('GET /api/docs')).sort();
}
