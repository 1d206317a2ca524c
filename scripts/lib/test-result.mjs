import { relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { root } from './places.mjs'

/**
 * What a suite came to.
 * @typedef {object} Result
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {{ name: string, message: string }[]} failures
 * @property {string} [note] Why tests were skipped.
 */

/** @returns {Result} */
export function checkResult(name, succeeded, output) {
  return {
    passed: succeeded ? 1 : 0,
    failed: succeeded ? 0 : 1,
    skipped: 0,
    failures: succeeded ? [] : [{ name, message: output }],
  }
}

/** Reads Vitest's JSON report. @returns {Result} */
export function vitestResult(report) {
  const result = emptyResult()
  for (const file of report.testResults) {
    if (file.status === 'failed' && !file.assertionResults.some(isFailed))
      fail(result, nameOf(file), file.message || 'The file could not be run.')
    for (const test of file.assertionResults) {
      if (test.status === 'passed') result.passed++
      else if (isFailed(test))
        fail(result, `${nameOf(file)} > ${test.fullName}`, test.failureMessages.join('\n'))
      else result.skipped++
    }
  }
  return result
}

/** Reads Playwright's JSON report. @returns {Result} */
export function playwrightResult(report) {
  const result = emptyResult()
  for (const error of report.errors ?? []) fail(result, 'Playwright', error.message ?? '')
  for (const { title, spec } of specsOf(report)) {
    for (const test of spec.tests) {
      if (test.status === 'expected') result.passed++
      else if (test.status === 'skipped') result.skipped++
      else fail(result, title, test.results.flatMap(messagesOf).join('\n') || test.status)
    }
  }
  return result
}

/** All tests of a Playwright report as skipped, because their host is not there. @returns {Result} */
export function skippedResult(report, note) {
  const tests = specsOf(report).flatMap(({ spec }) => spec.tests)
  return { ...emptyResult(), skipped: tests.length, note }
}

/** A tool that ended badly, or ran nothing, has failed whatever its report says. @returns {Result} */
export function withVerdict(result, name, succeeded, output) {
  if (result.passed + result.failed === 0) fail(result, name, `No test ran.\n${output}`)
  else if (!succeeded && result.failed === 0) fail(result, name, output)
  return result
}

/** @returns {Result} */
export function sumOf(results) {
  const sum = emptyResult()
  for (const { passed, failed, skipped, failures } of results) {
    sum.passed += passed
    sum.failed += failed
    sum.skipped += skipped
    sum.failures.push(...failures)
  }
  return sum
}

export function emptyResult() {
  return { passed: 0, failed: 0, skipped: 0, failures: [] }
}

function fail(result, name, message) {
  result.failed++
  result.failures.push({ name, message: stripVTControlCharacters(message) })
}

function nameOf(file) {
  return relative(root, file.name)
}

function isFailed({ status }) {
  return status === 'failed'
}

function specsOf(report) {
  const walk = (suite, path) => [
    ...suite.specs.map((spec) => ({ title: [...path, spec.title].join(' > '), spec })),
    ...(suite.suites ?? []).flatMap((inner) => walk(inner, [...path, inner.title])),
  ]
  return report.suites.flatMap((suite) => walk(suite, [suite.title]))
}

function messagesOf({ errors, error }) {
  return (errors?.length ? errors : [error]).map((item) => item?.message ?? '').filter(Boolean)
}
