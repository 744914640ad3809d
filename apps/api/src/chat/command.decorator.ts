import { SubscribeMessage } from '@nestjs/websockets';
import type { CommandName, Commands } from '@parley/contract';
import type { Connection } from '../realtime/connection';
import type { LaterReply } from '../realtime/later-reply';

type Answer<T> = T | Promise<T> | LaterReply<T>;

/** Every command of the contract with the method that handles it: what a gateway implements. */
export type GatewayHandlers = {
  [C in CommandName]: (connection: Connection, data: Commands[C]['data']) => Answer<Commands[C]['reply']>;
};

/** Makes a method the handler of the command that has its name. Another name does not compile. */
export function Command() {
  return <C extends CommandName>(target: object, name: C, descriptor: PropertyDescriptor): void => {
    SubscribeMessage(name)(target, name, descriptor);
  };
}
