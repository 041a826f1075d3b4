// Segment's Node SDK tells one of each kind: node segment-node.mjs ADDRESS WRITE_KEY
import { Analytics } from '@segment/analytics-node'

const [host, writeKey] = process.argv.slice(2)
const analytics = new Analytics({ host, writeKey, flushAt: 20, flushInterval: 100, maxRetries: 3 })
const failures = []
analytics.on('error', (error) => failures.push(String(error.reason ?? error.code)))

analytics.page({ anonymousId: 'a', name: 'Pricing', properties: { path: '/pricing', title: 'Prix, é' } })
analytics.screen({ anonymousId: 'a', name: 'Checkout' })
analytics.identify({ userId: 'u', anonymousId: 'a', traits: { email: 'Ann@Example.com', country: 'CA' } })
analytics.group({ userId: 'u', groupId: 'acme', traits: { name: 'Acme' } })
analytics.alias({ userId: 'u', previousId: 'before' })
analytics.track({ userId: 'u', event: 'Bought', properties: { total: 12.5 }, context: { ip: '203.0.113.7' } })
await analytics.closeAndFlush({ timeout: 20000 })
console.log(JSON.stringify({ failures }))
