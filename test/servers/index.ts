export * from './bare'
export * from './polite'
export * from './rude'
export type { TestServer } from './test-server'
