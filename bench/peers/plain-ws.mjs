/**
 * The peer: a plain `ws` server that keeps nothing and checks nothing. JSON in; each message is stringified once and
 * goes to each member by `ws.send`. Its messages carry the same fields as the project's, so that the same number of
 * bytes crosses the wire. It sends no replies: a sender's own copy tells them that it arrived.
 */
import { WebSocketServer } from 'ws';

const rooms = new Map();
const HEX = 16;
let ids = 0;

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false }, () => {
  process.stdout.write(`The plain server is ready at http://127.0.0.1:${server.address().port}\n`);
});

server.on('connection', (socket) => {
  let person;
  socket.on('error', () => socket.terminate());
  socket.on('message', (bytes) => {
    const { event, id, data } = JSON.parse(bytes);
    if (event === 'postMessage') post(person, data);
    else if (event === 'authenticate') {
      person = { id: data.id, name: data.name };
      for (const room of data.rooms) enter(room, socket);
      socket.send(JSON.stringify({ event: 'reply', id, data: { user: person } }));
    }
  });
  socket.on('close', () => {
    for (const { members } of rooms.values()) members.delete(socket);
  });
});

function enter(room, socket) {
  if (!rooms.has(room)) rooms.set(room, { seq: 0, members: new Set() });
  rooms.get(room).members.add(socket);
}

function post(sender, { room, clientId, text }) {
  const { members } = rooms.get(room);
  const seq = ++rooms.get(room).seq;
  const id = (++ids).toString(HEX).padStart(24, '0');
  const at = new Date().toISOString();
  const message = { type: 'message', room, seq, id, sender, text, at, clientId };
  const frame = JSON.stringify({ event: 'messagePosted', data: message });
  for (const member of members) member.send(frame);
}

for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));
