import type { Type } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';

/** A component as somebody sees and uses it who has only its page. */
export class Page<T> {
  readonly fixture: ComponentFixture<T>;

  private constructor(fixture: ComponentFixture<T>) {
    this.fixture = fixture;
  }

  /** Renders a component with its inputs. */
  static async of<T>(component: Type<T>, inputs: Record<string, unknown> = {}): Promise<Page<T>> {
    const fixture = TestBed.createComponent(component);
    for (const [name, value] of Object.entries(inputs)) fixture.componentRef.setInput(name, value);
    const page = new Page(fixture);
    await page.settled();
    return page;
  }

  get element(): HTMLElement {
    return this.fixture.nativeElement as HTMLElement;
  }

  get text(): string {
    return (this.element.textContent ?? '').replace(/\s+/g, ' ').trim();
  }

  /** The one element that a selector finds, in the page or in what lies over it. */
  find<E extends HTMLElement = HTMLElement>(selector: string): E {
    const found = this.element.querySelector<E>(selector) ?? document.querySelector<E>(selector);
    if (!found) throw new Error(`Nothing is ${selector}.`);
    return found;
  }

  /** The texts of all that a selector finds. */
  texts(selector: string): string[] {
    return [...this.element.querySelectorAll(selector)].map((one) =>
      (one.textContent ?? '').replace(/\s+/g, ' ').trim(),
    );
  }

  async type(selector: string, text: string): Promise<void> {
    const field = this.find<HTMLInputElement>(selector);
    field.value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new Event('blur'));
    await this.settled();
  }

  async choose(selector: string, value: string): Promise<void> {
    const field = this.find<HTMLSelectElement>(selector);
    field.value = value;
    field.dispatchEvent(new Event('change', { bubbles: true }));
    field.dispatchEvent(new Event('input', { bubbles: true }));
    await this.settled();
  }

  async click(selector: string): Promise<void> {
    this.find(selector).click();
    await this.settled();
  }

  /** Sends the page's form. */
  async submit(): Promise<void> {
    this.find('form').dispatchEvent(new Event('submit', { cancelable: true, bubbles: true }));
    await this.settled();
  }

  async settled(): Promise<void> {
    await this.fixture.whenStable();
  }
}
