import { BreakpointObserver } from '@angular/cdk/layout';
import { inject, type Signal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { map } from 'rxjs';

/** A window as narrow as a phone: one side at a time. */
export const PHONE = '(width < 600px)';

/** Whether the window fits a media query, now and after each change. Call it where `inject` works. */
export function fits(query: string): Signal<boolean> {
  const matches$ = inject(BreakpointObserver).observe(query);
  return toSignal(matches$.pipe(map(({ matches }) => matches)), { initialValue: false });
}
