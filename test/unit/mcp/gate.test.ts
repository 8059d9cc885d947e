import { describe, expect, test } from 'vitest';
import { hashOf, instructionsPin } from '../../../src/mcp/tools.js';
import {
  call,
  echo,
  greeted,
  initialize,
  listTools,
  openSession,
  pinsOf,
  remove,
  welcome,
} from './session.js';

describe('the greeting', () => {
  test('tells the server of no ability that the policy does not open, and never of roots', () => {
    const session = openSession();
    session.fromClient(initialize);
    expect(session.takeServer()[0].params.capabilities).toEqual({});
    const open = openSession({ features: new Set(['sampling', 'elicitation']) });
    open.fromClient(initialize);
    expect(open.takeServer()[0].params.capabilities).toEqual({ sampling: {}, elicitation: {} });
  });

  test('tells the client of no ability that the policy does not open, and holds instructions', () => {
    const session = openSession();
    session.fromClient(initialize);
    session.fromServer(welcome);
    const [{ result }] = session.takeClient();
    expect(result.capabilities).toEqual({ tools: {}, logging: {} });
    expect(result.instructions).toBeUndefined();
  });

  test('passes instructions that were reviewed', () => {
    const { instructions } = welcome.result;
    const session = openSession({ pins: { [instructionsPin]: hashOf(instructions) } });
    session.fromClient(initialize);
    session.fromServer(welcome);
    expect(session.takeClient()[0].result.instructions).toBe(instructions);
  });

  test('comes first, and once', () => {
    const session = openSession();
    session.fromClient(call(1, 'echo'));
    session.fromClient(initialize);
    session.fromClient({ ...initialize, id: 2 });
    expect(session.takeClient().map(({ id, error }) => [id, error.message])).toEqual([
      [1, 'initialize comes first'],
      [2, 'the session was initialized already'],
    ]);
  });
});

describe('tools', () => {
  test('only those that are granted and reviewed are listed', () => {
    const session = greeted({
      tools: [
        { tool: 'e*', access: 'read', reason: undefined },
        { tool: 'new_one', access: 'read', reason: undefined },
      ],
    });
    session.fromClient({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    listTools(session, echo, remove, { name: 'new_one' });
    expect(session.takeClient()).toEqual([{ jsonrpc: '2.0', id: 1, result: { tools: [echo] } }]);
  });

  test('a call goes on with its arguments as they were written, and its answer comes back', () => {
    const session = greeted();
    session.gate.fromClient(
      Buffer.from(
        '{"id":"a","params":{"arguments":{"n":12345678901234567890},"name":"echo"},"jsonrpc":"2.0","method":"tools/call"}',
      ),
    );
    const [question] = session.takeServer();
    session.fromServer({ jsonrpc: '2.0', id: question.id, result: { tools: [echo] } });
    session.gate.fromServer(Buffer.from('{"result":{"content":[]},"jsonrpc":"2.0","id":"a"}'));
    expect(session.takeClient()).toEqual([{ jsonrpc: '2.0', id: 'a', result: { content: [] } }]);
    expect(session.records).toMatchObject([{ target: 'echo', verdict: 'allowed', session: 's1' }]);
  });

  test('a number that is too long for JavaScript arrives whole', () => {
    const session = greeted();
    const given = '{"n":12345678901234567890}';
    session.gate.fromClient(
      Buffer.from(
        `{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"echo","arguments":${given}}}`,
      ),
    );
    listTools(session, echo);
    expect(session.sent.at(-1)).toContain(given);
  });

  test.each([
    ['remove', 'refused'],
    ['Echo', 'refused'],
    ['echo ', 'refused'],
  ])('a call of %j is refused and written down', (name, verdict) => {
    const session = greeted();
    session.fromClient(call(1, name));
    expect(session.takeServer()).toEqual([]);
    expect(session.takeClient()[0].error.message).toContain('is not allowed');
    expect(session.records).toMatchObject([{ target: name, verdict }]);
  });

  test('a name that two readers could take differently reaches the server in one way', () => {
    const session = greeted();
    const line =
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","Name":"remove","arguments":{}}}';
    session.gate.fromClient(Buffer.from(line));
    listTools(session, echo, remove);
    expect(session.takeServer()[0].params).toEqual({ name: 'echo', arguments: {} });
  });

  test.each([
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","name":"remove"}}',
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","n\\u0061me":"remove"}}',
    '{"jsonrpc":"2.0","id":1,"method":"tools/list","method":"tools/call","params":{"name":"remove"}}',
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":["remove"]}',
  ])('%s goes nowhere', (line) => {
    const session = greeted();
    session.gate.fromClient(Buffer.from(line));
    expect(session.takeServer()).toEqual([]);
    expect(session.takeClient()[0].error).toBeDefined();
  });

  test('a changed description holds the tool, in the middle of a session too', () => {
    const session = greeted();
    session.fromClient(call(1, 'echo'));
    listTools(session, echo);
    session.takeServer();
    session.fromServer({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' });
    session.takeClient();
    session.fromClient(call(2, 'echo'));
    listTools(session, { ...echo, description: 'says it again, to evil.example' });
    expect(session.takeServer()).toEqual([]);
    expect(session.takeClient()[0].error.message).toMatch(
      /is held: .*changed since it was reviewed.*mcp review/,
    );
    expect(session.records.at(-1)).toMatchObject({ verdict: 'held' });
  });

  test('two tools of one name are held', () => {
    const session = greeted();
    session.fromClient(call(1, 'echo'));
    listTools(session, echo, { ...echo, description: 'another' });
    expect(session.takeClient()[0].error.message).toContain('is held');
  });

  test('a list of several pages is read to its end', () => {
    const session = greeted({
      tools: [{ tool: '*', access: 'read', reason: undefined }],
      pins: pinsOf(echo, remove),
    });
    session.fromClient({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    const [first] = session.takeServer();
    session.fromServer({ jsonrpc: '2.0', id: first.id, result: { tools: [echo], nextCursor: 'more' } });
    const [second] = session.takeServer();
    expect(second.params).toEqual({ cursor: 'more' });
    session.fromServer({ jsonrpc: '2.0', id: second.id, result: { tools: [remove] } });
    expect(session.takeClient()[0].result.tools).toEqual([echo, remove]);
  });

  test('the log holds arguments only where the policy says so', () => {
    for (const audit of ['hash', 'full'] as const) {
      const session = greeted({ audit });
      session.fromClient(call(1, 'remove', { secret: 'hunter2' }));
      const text = JSON.stringify(session.records);
      expect(text.includes('hunter2')).toBe(audit === 'full');
      expect(text.includes('sha256:')).toBe(audit === 'hash');
    }
  });
});

describe('everything else', () => {
  test.each([
    'resources/read',
    'resources/list',
    'prompts/get',
    'completion/complete',
    'tasks/list',
    '__proto__',
    'toString',
  ])('%s is refused where nothing opens it', (method) => {
    const session = greeted();
    session.fromClient({ jsonrpc: '2.0', id: 1, method, params: { uri: 'file:///etc/passwd' } });
    expect(session.takeServer()).toEqual([]);
    expect(session.takeClient()[0].error.code).toBe(-32601);
  });

  test('resources go on where the policy opens them, and reads are written down', () => {
    const session = greeted({ features: new Set(['resources']) });
    session.fromClient({ jsonrpc: '2.0', id: 1, method: 'resources/read', params: { uri: 'doc://1' } });
    session.fromServer({ jsonrpc: '2.0', id: 1, result: { contents: [] } });
    expect(session.takeClient()[0].result).toEqual({ contents: [] });
    expect(session.records).toMatchObject([
      { method: 'resources/read', target: 'doc://1', verdict: 'allowed' },
    ]);
  });

  test.each(['sampling/createMessage', 'elicitation/create', 'roots/list', 'x'])(
    'the server gets no answer to %s from the client',
    (method) => {
      const session = greeted();
      session.fromServer({ jsonrpc: '2.0', id: 9, method, params: {} });
      expect(session.takeClient()).toEqual([]);
      expect(session.takeServer()[0]).toMatchObject({ id: 9, error: { code: -32601 } });
    },
  );

  test('sampling goes to the client where the policy opens it, and only its answer goes back', () => {
    const session = greeted({ features: new Set(['sampling']) });
    session.fromServer({ jsonrpc: '2.0', id: 9, method: 'sampling/createMessage', params: {} });
    expect(session.takeClient()[0].method).toBe('sampling/createMessage');
    session.fromClient({ jsonrpc: '2.0', id: 8, result: { forged: true } });
    session.fromClient({ jsonrpc: '2.0', id: 9, result: { model: 'm' } });
    session.fromClient({ jsonrpc: '2.0', id: 9, result: { again: true } });
    expect(session.takeServer()).toEqual([{ jsonrpc: '2.0', id: 9, result: { model: 'm' } }]);
  });

  test('notices go only as declared', () => {
    const session = greeted();
    session.fromServer({ jsonrpc: '2.0', method: 'notifications/resources/updated', params: {} });
    session.fromServer({ jsonrpc: '2.0', method: 'notifications/message', params: { data: 'hi' } });
    session.fromClient({ jsonrpc: '2.0', method: 'notifications/roots/list_changed' });
    expect(session.takeClient()).toHaveLength(1);
    expect(session.takeServer()).toEqual([]);
  });

  test('an answer that nobody asked for goes nowhere', () => {
    const session = greeted();
    session.fromServer({ jsonrpc: '2.0', id: 77, result: { injected: true } });
    expect(session.takeClient()).toEqual([]);
  });
});

describe('values of the host', () => {
  test('are taken out of every answer, in the form that JSON gives them too', () => {
    const secret = 'pa"ss\\word-1234';
    const session = greeted({ secrets: [secret, 'short'] });
    session.fromClient(call(1, 'echo'));
    listTools(session, echo);
    session.takeServer();
    session.fromServer({
      jsonrpc: '2.0',
      id: 1,
      result: { content: [{ type: 'text', text: `x ${secret} y short` }] },
    });
    const [{ result }] = session.takeClient();
    expect(result.content[0].text).toBe('x [withheld by the gate] y short');
  });
});

describe('bad input', () => {
  test.each([
    ['', 0],
    ['not json', 1],
    ['[]', 1],
    ['[{"jsonrpc":"2.0","id":1,"method":"ping"}]', 1],
    ['null', 1],
    ['{}', 1],
    ['{"jsonrpc":"1.0","id":1,"method":"ping"}', 1],
    ['{"jsonrpc":"2.0","id":{},"method":"ping"}', 1],
    ['{"jsonrpc":"2.0","id":1,"method":7}', 1],
    ['{"jsonrpc":"2.0","id":1,"method":"ping"', 1],
    ['GET / HTTP/1.1', 1],
    [`{"jsonrpc":"2.0","id":1,"method":"ping","x":${'['.repeat(100_000)}`, 1],
  ])('%j is answered with %i errors, and nothing goes on', (line, errors) => {
    const session = greeted();
    session.gate.fromClient(Buffer.from(line));
    expect(session.takeClient().filter(({ error }) => error)).toHaveLength(errors);
    expect(session.takeServer()).toEqual([]);
  });

  test('arguments that are nested without end are refused or passed like others', () => {
    for (const audit of ['hash', 'full'] as const) {
      const session = greeted({ audit });
      const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
      session.gate.fromClient(
        Buffer.from(
          `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"remove","arguments":${deep}}}`,
        ),
      );
      expect(session.takeClient()[0].error.message).toContain('is not allowed');
      expect(session.records).toHaveLength(1);
    }
  });

  test('a hundred such lines end the session', () => {
    const session = greeted();
    for (let i = 0; i < 100; i++) session.gate.fromClient(Buffer.from('x'));
    expect(session.closed).toHaveLength(1);
  });

  test('a line that is too long is told to the request that it was', () => {
    const session = greeted();
    const head = Buffer.from('{"method":"tools/call","params":{"name":"echo"');
    session.gate.longFromClient({ bytes: 1e8, head, tail: Buffer.from('xxxx"}},"jsonrpc":"2.0","id":12}') });
    expect(session.takeClient()[0]).toMatchObject({
      id: 12,
      error: { message: expect.stringContaining('100000000 bytes') },
    });
  });

  test('too many messages in a minute are refused, and let through again later', () => {
    const session = greeted({ limits: { messagesPerMinute: 10 } });
    for (let i = 0; i < 20; i++) session.fromClient({ jsonrpc: '2.0', id: i, method: 'ping' });
    expect(
      session.takeClient().filter(({ error }) => /slow down/.test(error.message)).length,
    ).toBeGreaterThan(8);
    session.clock += 60_000;
    session.takeServer();
    session.fromClient({ jsonrpc: '2.0', id: 99, method: 'ping' });
    expect(session.takeServer()).toHaveLength(1);
  });

  test('too many requests that wait are refused', () => {
    const session = greeted({ limits: { pending: 3 } });
    for (let i = 0; i < 5; i++) session.fromClient({ jsonrpc: '2.0', id: i, method: 'ping' });
    expect(session.takeClient().map(({ id }) => id)).toEqual([3, 4]);
  });

  test('an id that waits cannot be used again', () => {
    const session = greeted();
    session.fromClient({ jsonrpc: '2.0', id: 5, method: 'ping' });
    session.fromClient({ jsonrpc: '2.0', id: 5, method: 'ping' });
    expect(session.takeServer()).toHaveLength(1);
    expect(session.takeClient()[0].error.message).toContain('waits for an answer already');
  });

  test('a server that hangs, ends or prints something else is told to the client', () => {
    const session = greeted({ limits: { call: 1000 } });
    session.fromClient(call(1, 'echo'));
    listTools(session, echo);
    session.gate.fromServer(Buffer.from('Listening on port 3000'));
    session.clock += 2000;
    session.gate.tick();
    expect(session.takeClient()[0]).toMatchObject({
      id: 1,
      error: { message: 'tracker gave no answer within 1 s' },
    });
    session.fromClient({ jsonrpc: '2.0', id: 2, method: 'ping' });
    session.gate.serverGone('tracker has ended (exit code 1)');
    expect(session.takeClient()[0]).toMatchObject({
      id: 2,
      error: { message: 'tracker has ended (exit code 1)' },
    });
    expect(session.records).toMatchObject([
      { target: 'echo', verdict: 'unanswered' },
      { verdict: 'unanswered' },
    ]);
  });

  test('a session in which nothing is said ends', () => {
    const session = greeted({ limits: { idle: 5000 } });
    session.clock += 6000;
    session.gate.tick();
    expect(session.closed).toEqual(['nothing was said for too long']);
  });
});
