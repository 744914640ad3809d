/**
 * `npm run new-password -- PHONE`: another password for somebody who has forgotten theirs, while the server runs or not.
 * All of their sessions end. It is for whoever runs the server: nothing of this is reachable from outside.
 */
import 'reflect-metadata';
import { randomInt } from 'node:crypto';
import { createRequire } from 'node:module';
import process, { argv } from 'node:process';
import { databaseOf, withDatabase } from './database/open.mjs';
import { build, fail, inRoot, say } from './setup.mjs';

/** Letters and digits that nobody takes for others when they are read out. */
const SIGNS = 'abcdefghjkmnpqrstuvwxyz23456789';
/** 16 of them are 79 bits: nobody guesses that. */
const GROUPS = 4;
const GROUP = 4;

/** Acknowledged means on disk. */
const ON_DISK = { readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority', j: true } };

const [typed] = argv.slice(2);
if (!typed) fail('Usage: npm run new-password -- PHONE');
build(['server']);
const server = (path) => createRequire(import.meta.url)(inRoot(`dist/apps/api/src/${path}.js`));
const { Passwords } = server('auth/passwords');
const { ParleyConfig } = server('config/parley-config');
const { phoneIn } = server('users/phone');

function newPassword() {
  const sign = () => SIGNS[randomInt(SIGNS.length)];
  const group = () => Array.from({ length: GROUP }, sign).join('');
  return Array.from({ length: GROUPS }, group).join('-');
}

/** Hash and sessions in one transaction, as the server does it. Who comes in while it runs, and is not in it, follows. */
async function change(client, uri, phone, password) {
  const database = databaseOf(client, uri);
  const [users, sessions] = [database.collection('users'), database.collection('sessions')];
  const passwordHash = await new Passwords().hash(password);
  const write = async (session) => {
    const found = await users.findOneAndUpdate({ phone }, { $set: { passwordHash } }, { session });
    if (found) await sessions.deleteMany({ user: found._id }, { session });
    return found;
  };
  const user = await client.withSession((session) => session.withTransaction(() => write(session), ON_DISK));
  if (!user) throw new Error('nobody here has that number.');
  await sessions.deleteMany({ user: user._id }).catch(() => undefined);
  return user.name;
}

try {
  const phone = phoneIn(typed, ParleyConfig.read().defaultCountry);
  if (!phone) throw new Error('that is no phone number. Write it as people do: 0912 345 567, or +84 912 345 567.');
  const password = newPassword();
  const name = await withDatabase((client, uri) => change(client, uri, phone, password));
  say(`The new password of ${name}, who should change it in the settings:`);
  process.stdout.write(`${password}\n`);
  say('All their sessions have ended. What they have open without a reload ends when the server is started anew.');
} catch (error) {
  fail(`No password was changed: ${error.message}`);
}
