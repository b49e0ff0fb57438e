import { describe, expect, it } from 'vitest';
import { ApiClient, ApiProblem } from './api_client';

function clientOf(answer: () => Response, base = 'https://host/sub/mobile#symbol=a') {
  const asked: { url: string; options: RequestInit }[] = [];
  const client = new ApiClient(base, (url, options) => {
    asked.push({ url, options });
    return Promise.resolve(answer());
  });
  return { client, asked };
}

const json = (value: unknown, init: ResponseInit = {}) => new Response(JSON.stringify(value), init);

describe('ApiClient', () => {
  it('asks beside the page, with path and query written as they must be', async () => {
    const { client, asked } = clientOf(() => json({ symbols: [] }));
    await client.call('GET /api/symbols/{symbol}/candles', { path: { symbol: 'BTC/USDT:USDT' }, query: { tf: '5m', limit: 3 } });
    expect(asked[0]?.url).toBe('https://host/sub/api/symbols/BTC%2FUSDT%3AUSDT/candles?tf=5m&limit=3');
    expect(asked[0]?.options.body).toBeUndefined();
    await client.call('GET /api/dashboard/mobile', {});
    expect(asked[1]?.url).toBe('https://host/sub/api/dashboard/mobile');
  });

  it('sends changes as JSON, with the token of the session it asked for', async () => {
    const { client, asked } = clientOf(() => json({ csrf_token: 'abc' }));
    await client.call('POST /api/auth/login', { body: { user: 'ann', password: 'x' } });
    expect(asked[0]?.options.headers).toEqual({ 'content-type': 'application/json' });
    expect(asked[0]?.options.body).toBe('{"user":"ann","password":"x"}');
    await client.session();
    await client.call('POST /api/auth/logout', {});
    expect(asked[2]?.options.headers).toEqual({ 'content-type': 'application/json', 'x-csrf-token': 'abc' });
    expect(asked[2]?.options.body).toBe('{}');
  });

  it('throws what the problem document says', async () => {
    const { client } = clientOf(() => json({ title: 'Too Many Requests', status: 429, detail: 'wait' }, { status: 429, headers: { 'retry-after': '7' } }));
    const problem = await client.call('GET /api/tokens', {}).catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(ApiProblem);
    expect(problem).toMatchObject({ status: 429, message: 'wait', retryAfter: 7 });
    const { client: broken } = clientOf(() => new Response('<html>', { status: 502, statusText: 'Bad Gateway' }));
    await expect(broken.call('GET /api/tokens', {})).rejects.toMatchObject({ status: 502, message: 'Bad Gateway', retryAfter: null });
  });
});
