/** The promise's outcome, or a rejection with what `late` makes when it takes longer. What is waited for goes on. */
export async function inTime<T>(ms: number, promise: Promise<T>, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  return Promise.race([promise, over]).finally(() => clearTimeout(timer));
}
