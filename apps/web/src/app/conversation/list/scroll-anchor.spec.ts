import { ScrollAnchor } from './scroll-anchor';

describe('ScrollAnchor', () => {
  it('S18 does not move what is read at the beginning, where the browser counts in parts of pixels', () => {
    const div = (): HTMLElement => document.createElement('div');
    const [scroller, rows, row] = [div(), div(), div()];
    row.dataset['key'] = 'first';
    rows.append(row);
    // 5,000.4 pixels high: whole numbers are all that browsers tell of heights.
    const size = { clientHeight: 800, scrollHeight: 5_000 };
    for (const name of ['clientHeight', 'scrollHeight'] as const) {
      Object.defineProperty(scroller, name, { get: () => size[name] });
    }
    jest.spyOn(row, 'getBoundingClientRect').mockReturnValue({ bottom: 50, height: 50 } as DOMRect);
    scroller.scrollTop = -4_200.4;
    const anchor = new ScrollAnchor(scroller, rows);
    anchor.note();
    for (let times = 0; times < 10; times++) anchor.hold();
    size.scrollHeight = 6_000;
    anchor.hold();
    expect(scroller.scrollTop).toBe(-4_200.4);
  });
});
