// RudderStack's Node SDK tells one of each kind: node rudder-node.mjs ADDRESS WRITE_KEY
import RudderAnalytics from '@rudderstack/rudder-sdk-node'

const [dataPlaneUrl, writeKey] = process.argv.slice(2)
const failures = []
const analytics = new RudderAnalytics(writeKey, {
  dataPlaneUrl,
  flushAt: 20,
  flushInterval: 100,
  logLevel: 'error',
  errorHandler: (error) => failures.push(String(error)),
})

analytics.page({ anonymousId: 'a', name: 'Pricing', properties: { path: '/pricing', title: 'Prix, é' } })
analytics.screen({ anonymousId: 'a', name: 'Checkout' })
analytics.identify({ userId: 'u', anonymousId: 'a', traits: { email: 'Ann@Example.com', country: 'CA' } })
analytics.group({ userId: 'u', groupId: 'acme', traits: { name: 'Acme' } })
analytics.alias({ userId: 'u', previousId: 'before' })
analytics.track({ userId: 'u', event: 'Bought', properties: { total: 12.5 }, context: { ip: '203.0.113.7' } })
await analytics.flush()
console.log(JSON.stringify({ failures }))
process.exit(0)
