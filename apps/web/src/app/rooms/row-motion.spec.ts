import { RowMotion } from './row-motion';

describe('Rows that change places', () => {
  const animate = jest.fn();
  const isStill = jest.fn(() => false);
  const motion = () => new RowMotion();
  const elements = new Map(['a', 'b', 'c'].map((id) => [id, document.createElement('div')]));
  const elementOf = (id: string) => elements.get(id);

  beforeEach(() => {
    animate.mockReset();
    isStill.mockReturnValue(false);
    Element.prototype.animate = animate;
    window.matchMedia = () => ({ matches: isStill() }) as MediaQueryList;
  });
  afterAll(() => {
    delete (Element.prototype as Partial<Element>).animate;
    delete (window as Partial<Window>).matchMedia;
  });

  const moves = () => animate.mock.calls.map(([[{ transform }]]) => transform);

  it('slide from where they were', () => {
    const rows = motion();
    rows.follow(['a', 'b', 'c'], 10, elementOf);
    rows.follow(['c', 'a', 'b'], 10, elementOf);
    expect(moves()).toEqual(['translateY(20px)', 'translateY(-10px)', 'translateY(-10px)']);
  });

  it('do not when they come first, when they are new, or when nothing moved', () => {
    const rows = motion();
    rows.follow(['b', 'c'], 10, elementOf);
    rows.follow(['b', 'c'], 10, elementOf);
    rows.follow(['b', 'c', 'a'], 10, elementOf);
    rows.follow(['b', 'c', 'a', 'out of sight'], 10, elementOf);
    expect(moves()).toEqual([]);
  });

  it('do not for whoever asks for less motion', () => {
    const rows = motion();
    isStill.mockReturnValue(true);
    rows.follow(['a', 'b'], 10, elementOf);
    rows.follow(['b', 'a'], 10, elementOf);
    expect(moves()).toEqual([]);
  });
});
