import { Site } from './site';

/** That a test which ought to fail does. */
describe('The kit of the browser tests', () => {
  const site = new Site();
  beforeAll(() => site.opens());
  afterAll(() => site.closes());

  it.each([
    ['an error that nobody caught', /lost/, () => void setTimeout(() => JSON.parse('lost'))],
    ['an error in the console', /Console: .*401/, () => void fetch('/api/me')],
    ['a style that is written', /Console: .*style-src/, () => document.body.setAttribute('style', 'color: red')],
    ['HTML that is made of text', /Console: .*TrustedHTML/, () => void (document.body.innerHTML = '<p>x</p>')],
    [
      'a script that is made of text',
      /Console: .*TrustedScript/,
      () => void (document.createElement('script').textContent = 'document.title = 1'),
    ],
    [
      'the address of a script that is made of text',
      /Console: .*TrustedScriptURL/,
      () => void (document.createElement('script').src = '/x.js'),
    ],
    ['a call to elsewhere', /Console: .*connect-src/, () => void fetch('http://127.0.0.1:9/').catch(() => undefined)],
  ])('tells of %s', async (_what, complaint, misdeed) => {
    const visitor = await site.visitor();
    await visitor.goesTo('/');
    await visitor.page.evaluate(misdeed).catch(() => undefined);
    await visitor.complaints.come(complaint);
    await expect(site.isEmptied()).rejects.toThrow(complaint);
  });

  it('lets a test expect a complaint', async () => {
    const visitor = await site.visitor();
    await visitor.goesTo('/');
    visitor.complaints.expect(/401/);
    await visitor.page.evaluate(() => void fetch('/api/me'));
    await visitor.complaints.come(/401/);
    await site.isEmptied();
  });

  it('cuts the line, sockets included, and mends it', async () => {
    const visitor = await site.visitor();
    await visitor.goesTo('/');
    const socket = await visitor.page.evaluateHandle(async () => {
      const opening = new WebSocket('/ws');
      const code = new Promise<number>((resolve) => (opening.onclose = (event) => resolve(event.code)));
      await new Promise((resolve) => (opening.onopen = resolve));
      return { code };
    });
    await visitor.goesOffline();
    expect(await socket.evaluate(({ code }) => code)).toBe(1006);
    const isReached = () =>
      visitor.page.evaluate(() =>
        fetch('/healthz').then(
          () => navigator.onLine,
          () => false,
        ),
      );
    expect(await isReached()).toBe(false);
    await visitor.comesBackOnline();
    expect(await isReached()).toBe(true);
    await site.isEmptied();
  });

  it('seats two people at the same chat, and ends the session of one', async () => {
    const { an, binh, room } = await site.twoPeopleTalking({ device: 'phone', theme: 'dark' }, { language: 'vi' });
    for (const visitor of [an, binh]) await visitor.isAt(`/chat/${room.id}`);
    await an.losesSession();
    await an.isAt('/sign-in');
    await site.isEmptied();
  });

  it('goes by keyboard to what is asked for, and says what it passed where that is out of reach', async () => {
    const visitor = await site.visitor();
    await visitor.goesTo('/');
    await visitor.tabsTo(visitor.page.getByRole('link', { name: 'Sign in' }));
    expect(await visitor.focused()).toBe('a "Sign in"');
    await expect(visitor.tabsTo(visitor.page.getByRole('heading').first())).rejects.toThrow(
      /Not reached by Tab.*Sign in/s,
    );
    await site.isEmptied();
  });
});
