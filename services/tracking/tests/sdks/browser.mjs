// A real Chromium opens a page of another origin and does there what a visitor's browser would do:
// node browser.mjs CHROMIUM PAGE_FILE SCRIPT_FILE POSTS. Stays until so many POSTs were answered, and prints what it
// asked of the network, and what went wrong.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { chromium } from 'playwright-core'

const [executablePath, pageFile, scriptFile, posts] = process.argv.slice(2)
const html = readFileSync(pageFile)
const rudder = readFileSync(
  new URL('./node_modules/@rudderstack/analytics-js/dist/npm/modern/bundled/umd/index.js', import.meta.url),
)
const site = createServer((request, response) => {
  const script = request.url === '/rudder.js'
  response.writeHead(200, { 'content-type': script ? 'text/javascript' : 'text/html; charset=utf-8' })
  response.end(script ? rudder : html)
}).listen(0, '127.0.0.1')
await new Promise((resolve) => site.once('listening', resolve))

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
const page = await browser.newPage()
const answers = []
const errors = []
let left = Number(posts)
const answered = new Promise((resolve) => {
  page.on('response', (got) => {
    const method = got.request().method()
    answers.push([method, got.url(), got.status()])
    if (method === 'POST' && --left === 0) resolve()
  })
})
page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
page.on('pageerror', (error) => errors.push(String(error)))
page.on('requestfailed', (failed) => errors.push(`${failed.url()} ${failed.failure()?.errorText}`))

await page.goto(`http://127.0.0.1:${site.address().port}/pricing?plan=team`)
const result = await page.evaluate(readFileSync(scriptFile, 'utf8'))
await answered
await browser.close()
site.close()
console.log(JSON.stringify({ result, answers, errors }))
