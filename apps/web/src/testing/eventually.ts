/** Waits until a check no longer throws; after the deadline what it throws is the test's failure. */
export async function eventually(check: () => void | Promise<void>, withinMs = 2_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await new Promise<void>((resolve) => setTimeout(() => resolve(), 5));
  }
}
