/** The path of the module as a file of its own, for a worker thread. See start-worker.ts. */
declare module '*?modulePath' {
  const path: string
  export default path
}
