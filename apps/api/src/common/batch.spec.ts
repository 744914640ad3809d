import { Batch } from './batch';

type Release = (error?: Error) => void;

/** A slow look-up: it says what it was asked for, and answers when it is released. */
function slow(): { batch: Batch<string, string>; calls: string[][]; release: Release[] } {
  const calls: string[][] = [];
  const release: Release[] = [];
  const batch = new Batch<string, string>((keys) => {
    calls.push(keys);
    return new Promise((resolve, reject) =>
      release.push((error) => (error ? reject(error) : resolve(new Map(keys.map((key) => [key, `value of ${key}`]))))),
    );
  });
  return { batch, calls, release };
}

const turns = async (): Promise<void> => {
  for (let count = 0; count < 3; count++) await new Promise((resolve) => setImmediate(resolve));
};

describe('Batch', () => {
  it('looks up at once what one turn asks for, each key once', async () => {
    const { batch, calls, release } = slow();
    const asked = ['a', 'b', 'a'].map((key) => batch.get(key));
    await turns();
    release[0]!();
    expect(await Promise.all(asked)).toEqual(['value of a', 'value of b', 'value of a']);
    expect(calls).toEqual([['a', 'b']]);
  });

  it('looks up anew what is asked for while a look-up is under way, all of it together', async () => {
    const { batch, calls, release } = slow();
    const first = batch.get('a');
    await turns();
    const later = ['a', 'b'].map((key) => batch.get(key));
    await turns();
    expect(calls).toEqual([['a']]);
    release[0]!();
    await first;
    await turns();
    expect(calls).toEqual([['a'], ['a', 'b']]);
    release[1]!();
    expect(await Promise.all(later)).toEqual(['value of a', 'value of b']);
  });

  it('answers undefined where there is nothing', async () => {
    const batch = new Batch<string, string>(() => Promise.resolve(new Map()));
    expect(await batch.get('nobody')).toBeUndefined();
  });

  it('fails those who asked when the look-up fails, and goes on', async () => {
    const { batch, release } = slow();
    const failed = batch.get('a');
    await turns();
    const next = batch.get('b');
    release[0]!(new Error('no database'));
    await expect(failed).rejects.toThrow('no database');
    await turns();
    release[1]!();
    expect(await next).toBe('value of b');
  });

  it('takes at most 500 at once', async () => {
    const sizes: number[] = [];
    const batch = new Batch<number, number>((keys) => {
      sizes.push(keys.length);
      return Promise.resolve(new Map(keys.map((key) => [key, key])));
    });
    await Promise.all(Array.from({ length: 1_200 }, (_, key) => batch.get(key)));
    expect(sizes).toEqual([500, 500, 200]);
  });
});
