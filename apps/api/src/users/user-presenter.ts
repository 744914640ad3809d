import { Injectable } from '@nestjs/common';
import type { Id, User } from '@parley/contract';
import { ParleyConfig } from '../config/parley-config';
import { ContactsRegistry } from './contacts-registry';
import { phoneFor } from './phone-visibility';
import type { UserRecord } from './user-record';

/** Turns records into what a certain viewer may see of them. Every `User` on the wire comes from here. */
@Injectable()
export class UserPresenter {
  constructor(
    private readonly config: ParleyConfig,
    private readonly contacts: ContactsRegistry,
  ) {}

  /**
   * @param viewer the id of the person who will see it.
   * @param searchedExactly whether the viewer found the person by their whole number.
   */
  async toUser(viewer: Id, user: UserRecord, searchedExactly = false): Promise<User> {
    const sharesPrivateRoom = await this.sharesPrivateRoom(viewer, user);
    const acquaintance = { isSelf: viewer === user.id, sharesPrivateRoom, searchedExactly };
    return { id: user.id, name: user.name, phone: phoneFor(this.config.showPhones, user.phone, acquaintance) };
  }

  /** As `toUser`, for several, in their order. */
  toUsers(viewer: Id, users: readonly UserRecord[]): Promise<User[]> {
    return Promise.all(users.map((user) => this.toUser(viewer, user)));
  }

  private sharesPrivateRoom(viewer: Id, user: UserRecord): boolean | Promise<boolean> {
    return this.config.showPhones === 'contacts' && viewer !== user.id && this.contacts.areContacts(viewer, user.id);
  }
}
