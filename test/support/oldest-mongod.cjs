/**
 * Where MONGO_URI names the database of the tests (`npm run test:mongod`), it is the only mongod that tests can have, a 4.0
 * of wire version 7. The driver asks for version 9, of 4.4; nothing that the server asks of its database needs more. That
 * mongod also insists on what the driver says of itself, for which it imports `os` in a way that Jest does not know.
 */
const os = require('node:os');
const { dirname, join } = require('node:path');
const process = require('node:process');

if (process.env.MONGO_URI) {
  const driver = dirname(require.resolve('mongodb'));
  require(join(driver, 'cmap/wire_protocol/constants.js')).MIN_SUPPORTED_WIRE_VERSION = 7;
  require(join(driver, 'runtime_adapters.js')).resolveRuntimeAdapters = () => Promise.resolve({ os });
}
