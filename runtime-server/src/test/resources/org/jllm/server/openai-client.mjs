// What OpenAI's own client for JavaScript makes of the server. Arguments: the client's folder, base URL, key, question, answer,
// id of the end of text, a model that makes vectors. Each test prints a line "ok NAME" or "failed NAME: why"; exit code 1 if one failed.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const [modules, baseURL, apiKey, question, answer, endOfText, embedder] = process.argv.slice(2);
const { default: OpenAI } = createRequire(modules + '/')('openai');
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
const messages = [{ role: 'user', content: question }];
const ask = (fields, options) => client.chat.completions.create({ model: 'demo', messages, ...fields }, options);
const refused = async (promise, type) => {
    const error = await promise.then(() => assert.fail('nothing was refused'), (reason) => reason);
    assert.ok(error instanceof type, `${error}`);
    return error;
};
const collect = async (stream) => {
    const chunks = [];
    for await (const chunk of stream) {
        chunks.push(chunk);
    }
    return chunks;
};

const tests = {
    async chat() {
        const reply = await ask({});
        assert.equal(reply.object, 'chat.completion');
        assert.equal(reply.model, 'demo');
        assert.equal(reply.choices[0].message.content, answer);
        assert.equal(reply.choices[0].message.role, 'assistant');
        assert.equal(reply.choices[0].finish_reason, 'stop');
        assert.equal(reply.usage.total_tokens, reply.usage.prompt_tokens + reply.usage.completion_tokens);
    },
    async nextTurn() {
        const reply = await ask({});
        const parts = [{ type: 'text', text: question }];
        const turns = [{ role: 'user', content: parts }, reply.choices[0].message, { role: 'user', content: 'cd' }];
        const next = await ask({ messages: turns, max_completion_tokens: 3 });
        assert.equal(next.usage.completion_tokens, 3);
        assert.ok(next.usage.prompt_tokens_details.cached_tokens > 0);
    },
    async stream() {
        const chunks = await collect(await ask({ stream: true }));
        assert.equal(chunks[0].choices[0].delta.role, 'assistant');
        assert.equal(chunks.map((chunk) => chunk.choices[0].delta.content ?? '').join(''), answer);
        assert.equal(chunks.at(-1).choices[0].finish_reason, 'stop');
        assert.ok(chunks.every((chunk) => chunk.id === chunks[0].id && chunk.object === 'chat.completion.chunk'));
    },
    async streamHelper() {
        const stream = client.chat.completions.stream({ model: 'demo', messages });
        assert.equal(await stream.finalContent(), answer);
    },
    async usage() {
        const chunks = await collect(await ask({ stream: true, stream_options: { include_usage: true }, max_tokens: 5 }));
        assert.deepEqual(chunks.at(-1).choices, []);
        assert.equal(chunks.at(-1).usage.completion_tokens, 5);
        assert.ok(chunks.slice(0, -1).every((chunk) => chunk.usage === null));
    },
    async logprobs() {
        const reply = await ask({ logprobs: true, top_logprobs: 2, max_tokens: 6 });
        const tokens = reply.choices[0].logprobs.content;
        assert.equal(tokens.length, 6);
        assert.ok(tokens.every((token) => token.top_logprobs.length === 2 && token.logprob <= 0));
        const text = Buffer.from(tokens.flatMap((token) => token.bytes)).toString('utf8');
        assert.equal(text.trim(), reply.choices[0].message.content.trim());
    },
    async stop() {
        const reply = await ask({ stop: ['リスト', 'never'] });
        assert.equal(reply.choices[0].message.content, answer.slice(0, answer.indexOf('リスト')));
        assert.equal(reply.choices[0].finish_reason, 'stop');
    },
    async seed() {
        const fields = { temperature: 1.5, max_tokens: 20 };
        const text = async (seed) => (await ask({ ...fields, seed })).choices[0].message.content;
        const two = await ask({ ...fields, seed: 7, n: 2 });
        assert.equal(await text(7), two.choices[0].message.content);
        assert.equal(await text(8), two.choices[1].message.content);
        assert.notEqual(two.choices[0].message.content, two.choices[1].message.content);
    },
    async completion() {
        const reply = await client.completions.create({ model: 'demo', prompt: '名前', max_tokens: 4, echo: true });
        assert.ok(reply.choices[0].text.startsWith('名前'));
        const chunks = await collect(
            await client.completions.create({ model: 'demo', prompt: '名前', max_tokens: 4, echo: true, stream: true }));
        assert.equal(chunks.map((chunk) => chunk.choices[0].text).join(''), reply.choices[0].text);
    },
    async models() {
        assert.deepEqual((await collect(client.models.list())).map((model) => model.id), ['demo', embedder]);
        assert.equal((await client.models.retrieve('demo')).object, 'model');
    },
    async errors() {
        const stranger = new OpenAI({ baseURL, apiKey: 'another key', maxRetries: 0 });
        const unknown = stranger.chat.completions.create({ model: 'demo', messages });
        assert.equal((await refused(unknown, OpenAI.AuthenticationError)).code, 'invalid_api_key');
        assert.equal((await refused(ask({ model: 'none' }), OpenAI.NotFoundError)).code, 'model_not_found');
        const wrong = await refused(ask({ temperature: -1 }), OpenAI.BadRequestError);
        assert.equal(wrong.param, 'temperature');
        assert.equal(wrong.type, 'invalid_request_error');
        const long = ask({ messages: [{ role: 'user', content: question.repeat(100) }], stream: true });
        assert.equal((await refused(long, OpenAI.BadRequestError)).code, 'context_length_exceeded');
        const banned = ask({ stream: true, logit_bias: { [endOfText]: 100, 7: 101 } });
        assert.equal((await refused(banned, OpenAI.BadRequestError)).param, 'logit_bias');
    },
    async abort() {
        const controller = new AbortController();
        const fields = { stream: true, n: 32, max_tokens: 200, logit_bias: { [endOfText]: -100 } };
        const stream = await ask(fields, { signal: controller.signal });
        for await (const chunk of stream) {
            assert.equal(chunk.choices.length, 1);
            controller.abort();
            break;
        }
        const whole = new AbortController();
        const promise = ask({ ...fields, stream: false }, { signal: whole.signal });
        setImmediate(() => whole.abort());
        await refused(promise, OpenAI.APIUserAbortError);
    },
    async embeddings() {
        const input = ['吾輩は猫である。', 'Two words', 'x'];
        // The client asks for base64 unless told otherwise.
        const reply = await client.embeddings.create({ model: embedder, input });
        assert.equal(reply.object, 'list');
        assert.equal(reply.model, embedder);
        assert.deepEqual(reply.data.map((entry) => entry.index), [0, 1, 2]);
        assert.equal(reply.usage.prompt_tokens, reply.usage.total_tokens);
        assert.ok(reply.usage.total_tokens > 9);
        const floats = await client.embeddings.create({ model: embedder, input, encoding_format: 'float' });
        floats.data.forEach((entry, index) => {
            assert.equal(entry.embedding.length, 384);
            entry.embedding.forEach((value, i) => assert.ok(Math.abs(value - reply.data[index].embedding[i]) < 1e-5));
        });
    },
    async embeddingDimensions() {
        const reply = await client.embeddings.create({ model: embedder, input: 'x', dimensions: 8 });
        const vector = reply.data[0].embedding;
        assert.equal(vector.length, 8);
        assert.ok(Math.abs(Math.hypot(...vector) - 1) < 1e-5);
        const more = client.embeddings.create({ model: embedder, input: 'x', dimensions: 385 });
        assert.equal((await refused(more, OpenAI.BadRequestError)).param, 'dimensions');
    },
    async eachModelHasItsEndpoints() {
        await refused(client.embeddings.create({ model: 'demo', input: 'x' }), OpenAI.BadRequestError);
        await refused(ask({ model: embedder }), OpenAI.BadRequestError);
    },
};

for (const [name, test] of Object.entries(tests)) {
    try {
        await test();
        console.log(`ok ${name}`);
    } catch (error) {
        process.exitCode = 1;
        console.log(`failed ${name}: ${error.stack}`);
    }
}
