#!/usr/bin/env node
/*
 * A client of Semnal in JavaScript: WebSocket, JSON; keys of both schemes.
 *
 *     node semnal-client.mjs --to ws://127.0.0.1:7103/ws --key-file data/client.key \
 *         --channels signals --from 1:0
 *
 * Prints each message of the stream as one line of JSON. It comes back after a loss and resumes, so
 * that every message is printed once; at the end it says on stderr the token to resume after.
 * Node 22 and later have a WebSocket of their own; an earlier one needs `npm install ws`.
 */
import { createHmac, createPrivateKey, randomBytes, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    to: { type: 'string', default: 'ws://127.0.0.1:7103/ws' },
    'key-file': { type: 'string' },
    channels: { type: 'string', default: 'signals' },
    instruments: { type: 'string', default: '' },
    from: { type: 'string' },
    count: { type: 'string', default: '0' },
  },
});

// `ws` is looked for in the folder that node was started in.
const WebSocket =
  globalThis.WebSocket ?? createRequire(join(process.cwd(), 'package.json'))('ws').WebSocket;

/** The lines `name=value` of a key file. */
function readKey(path) {
  const lines = readFileSync(path, 'utf8').split('\n');
  return Object.fromEntries(
    lines
      .filter((line) => line.includes('=') && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])
      .map((pair) => pair.map((word) => word.trim())),
  );
}

/** What proves the key for this challenge: an HMAC, or a signature. */
function proof(key, scheme, challenge, clientNonce) {
  const version = Buffer.alloc(2);
  version.writeUInt16LE(challenge.version);
  const proven = Buffer.concat([
    Buffer.from('semnal-session-1', 'ascii'),
    Buffer.from(challenge.serverNonce, 'hex'),
    clientNonce,
    Buffer.from([0]),
    version,
    Buffer.from(key.id, 'utf8'),
  ]);
  if (scheme === 'HMAC_SHA256') {
    return createHmac('sha256', Buffer.from(key.secret, 'hex')).update(proven).digest('hex');
  }
  // RFC 8410: what stands before the 32 bytes of an Ed25519 private key in PKCS#8.
  const der = Buffer.from('302e020100300506032b657004220420' + key.privateKey, 'hex');
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return sign(null, proven, privateKey).toString('hex');
}

const key = readKey(options['key-file']);
const scheme = key.privateKey ? 'ED25519' : 'HMAC_SHA256';
const most = Number(options.count);
let token = options.from;
let shown = 0;
let attempt = 0;

function connect() {
  const socket = new WebSocket(options.to, ['semnal.json.v1']);
  const clientNonce = randomBytes(32);
  const tell = (message) => socket.send(JSON.stringify(message));
  // Definitions are names, and a snapshot repeats: neither is news.
  let inSnapshot = false;
  let resumed = token !== undefined;
  let epoch;
  let mayRetry = true;
  let done = false;

  function show(message) {
    console.log(JSON.stringify(message));
    shown++;
    if (shown === most) {
      done = true;
      socket.close(1000);
    }
  }

  const on = {
    challenge: (message) =>
      tell({ type: 'authenticate', proof: proof(key, scheme, message, clientNonce) }),
    accepted: () =>
      tell({
        type: 'subscribe',
        requestId: '1',
        channels: options.channels.split(','),
        instruments: options.instruments ? options.instruments.split(',') : [],
        ...(token && { resume: token }),
      }),
    rejected: (message) => {
      console.error(`${message.code}: ${message.text}`);
      mayRetry = message.retryable;
    },
    error: (message) => {
      console.error(`${message.code}: ${message.text}`);
      resumed = false;
      mayRetry = !message.fatal || message.retryable;
    },
    subscribed: (message) => {
      attempt = 0;
      epoch = message.epoch;
      if (!resumed) {
        token = `${epoch}:${message.headOutSeq}`;
      }
    },
    snapshotBegin: () => (inSnapshot = true),
    snapshotEnd: () => (inSnapshot = false),
    shutdown: (message) => console.error(`the server stops: ${message.reason}`),
    quote: show,
    discontinuity: (message) => (epoch = message.epoch),
  };

  socket.onopen = () =>
    tell({
      type: 'hello',
      versionMin: 1,
      versionMax: 1,
      role: 'client',
      authScheme: scheme,
      keyId: key.id,
      clientNonce: clientNonce.toString('hex'),
      clientName: 'semnal-client.mjs',
    });
  socket.onmessage = (event) => {
    if (done) {
      return;
    }
    const message = JSON.parse(event.data);
    on[message.type]?.(message);
    const news = message.outSeq !== undefined && !message.type.endsWith('Definition');
    if (news && !inSnapshot) {
      token = `${epoch}:${message.outSeq}`;
      show(message);
    }
  };
  socket.onerror = (event) => console.error(event.message ?? 'the connection failed');
  socket.onclose = (event) => {
    if (done || !mayRetry) {
      console.error(`resume after ${token}`);
      process.exitCode = done ? 0 : 1;
      return;
    }
    console.error(`connection lost (${event.code} ${event.reason}); resuming after ${token}`);
    setTimeout(connect, Math.random() * 1000 * Math.min(30, 2 ** attempt++));
  };
}

connect();
