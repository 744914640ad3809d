import { Injectable } from '@nestjs/common';
import type { Id } from '@parley/contract';

/** Whether two people are each other's contacts: they share a private room. */
export type AreContacts = (a: Id, b: Id) => boolean | Promise<boolean>;

/**
 * Where users asks what only rooms knows. The rooms feature calls `use` when it is initialised; until then nobody is
 * anybody's contact.
 */
@Injectable()
export class ContactsRegistry {
  /** Whether two people share a private room. */
  areContacts: AreContacts = () => false;

  /** Names who knows. */
  use(areContacts: AreContacts): void {
    this.areContacts = areContacts;
  }
}
