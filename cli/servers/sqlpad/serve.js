// SQLPad with its administrator, the connection to Trino and the example queries. What SQLPad offers for this is not
// enough: it stores a promise instead of the password of SQLPAD_ADMIN_PASSWORD, and has no way to bring queries along.
'use strict';

const crypto = require('crypto');
const fs = require('fs');
const Module = require('module');
const path = require('path');

const CONNECTION = 'lake';

// SQLPad keeps connections' passwords by functions that Node 22 no longer has, so it gets these two in their place.
const ALGORITHM = 'aes-256-cbc';
const secret = crypto.scryptSync(process.env.SQLPAD_PASSPHRASE, 'sqlpad', 48);

function turn(create, from, to) {
  return text => {
    const cipher = create(ALGORITHM, secret.subarray(0, 32), secret.subarray(32));
    return cipher.update(text, from, to) + cipher.final(to);
  };
}

function replace(name, exports) {
  const file = require.resolve(name);
  require.cache[file] = Object.assign(new Module(file), { exports, loaded: true });
}

replace('sqlpad/lib/cipher.js', turn(crypto.createCipheriv, 'utf8', 'hex'));
replace('sqlpad/lib/decipher.js', turn(crypto.createDecipheriv, 'hex', 'utf8'));

const cipher = require('sqlpad/lib/cipher.js');
const db = require('sqlpad/lib/db.js');
const Query = require('sqlpad/models/Query.js');
const User = require('sqlpad/models/User.js');

async function saveAdministrator() {
  const email = process.env.IGARAPE_SQLPAD_ADMIN;
  const user = (await User.findOneByEmail(email)) || new User({ email, role: 'admin', signupDate: new Date() });
  user.password = process.env.IGARAPE_SQLPAD_PASSWORD;
  await user.save();
}

// Trino's port may have moved since the last start; everything else is left as its users have made it.
async function saveConnection() {
  const place = { host: process.env.IGARAPE_TRINO_HOST, port: process.env.IGARAPE_TRINO_PORT };
  if (await db.connections.findOne({ _id: CONNECTION })) {
    await db.connections.update({ _id: CONNECTION }, { $set: place }, {});
    return;
  }
  await saveExamples(path.join(__dirname, 'queries'));
  await db.connections.insert({
    _id: CONNECTION,
    name: 'Lake (Trino)',
    driver: 'presto',
    ...place,
    username: cipher('sqlpad'),
    password: cipher(''),
    prestoCatalog: 'lake',
    createdDate: new Date(),
    modifiedDate: new Date()
  });
}

// The first line of each file, a comment, is the query's name.
async function saveExamples(folder) {
  for (const file of fs.readdirSync(folder).sort()) {
    const text = fs.readFileSync(path.join(folder, file), 'utf8');
    const newline = text.indexOf('\n');
    await new Query({
      _id: path.basename(file, '.sql'),
      name: text.slice(0, newline).replace(/^--\s*/, ''),
      tags: ['example'],
      connectionId: CONNECTION,
      queryText: text.slice(newline + 1).trim(),
      createdBy: process.env.IGARAPE_SQLPAD_ADMIN,
      modifiedBy: process.env.IGARAPE_SQLPAD_ADMIN
    }).save();
  }
}

async function main() {
  await db.loadPromise;
  await saveAdministrator();
  await saveConnection();
  require('sqlpad/server.js');
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});
