/** What a look may take: it takes milliseconds and is parked until the next one, so many watches go on at once. */
export const watchLimits = { attempts: 5, maxMs: 120_000, concurrency: 8 };
