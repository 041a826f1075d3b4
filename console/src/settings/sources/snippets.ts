/** How a source is connected: what to paste, by where it is pasted. `host` is where visitors find tracking. */
export function snippets(host: string, writeKey: string): { value: string; label: string; code: string }[] {
  return [
    { value: "website", label: "Website", code: website(host, writeKey) },
    { value: "npm", label: "npm", code: npm(host, writeKey) },
    { value: "python", label: "Python", code: python(host, writeKey) },
    { value: "node", label: "Node", code: node(host, writeKey) },
    { value: "curl", label: "curl", code: curl(host, writeKey) },
    { value: "image", label: "Image", code: image(host, writeKey) },
  ];
}

// Segment's own snippet (MIT), which loads the SDK from our tracking service.
function website(host: string, key: string): string {
  return `<script>
!function(){var i="analytics",analytics=window[i]=window[i]||[];if(!analytics.initialize)if(analytics.invoked)window.console&&console.error&&console.error("Segment snippet included twice.");else{analytics.invoked=!0;analytics.methods=["trackSubmit","trackClick","trackLink","trackForm","pageview","identify","reset","group","track","ready","alias","debug","page","screen","once","off","on","addSourceMiddleware","addIntegrationMiddleware","setAnonymousId","addDestinationMiddleware","register"];analytics.factory=function(e){return function(){if(window[i].initialized)return window[i][e].apply(window[i],arguments);var n=Array.prototype.slice.call(arguments);if(["track","screen","alias","group","page","identify"].indexOf(e)>-1){var c=document.querySelector("link[rel='canonical']");n.push({__t:"bpc",c:c&&c.getAttribute("href")||void 0,p:location.pathname,u:location.href,s:location.search,t:document.title,r:document.referrer})}n.unshift(e);analytics.push(n);return analytics}};for(var n=0;n<analytics.methods.length;n++){var key=analytics.methods[n];analytics[key]=analytics.factory(key)}analytics.load=function(key,n){var t=document.createElement("script");t.type="text/javascript";t.async=!0;t.setAttribute("data-global-segment-analytics-key",i);t.src="${host}/analytics.js/v1/" + key + "/analytics.min.js";var r=document.getElementsByTagName("script")[0];r.parentNode.insertBefore(t,r);analytics._loadOptions=n};analytics._writeKey="${key}";analytics._cdn = "${host}";analytics.SNIPPET_VERSION="5.2.0";
analytics.load("${key}");
analytics.page();
}}();
</script>`;
}

function npm(host: string, key: string): string {
  return `import { AnalyticsBrowser } from "@segment/analytics-next";

export const analytics = AnalyticsBrowser.load({
  writeKey: "${key}",
  cdnURL: "${host}",
});

analytics.page();
analytics.identify("u-1", { email: "ann@example.com", country: "CA" });
analytics.track("Order Completed", { total: 12.5 });`;
}

function python(host: string, key: string): string {
  return `# pip install segment-analytics-python
from segment.analytics.client import Client

client = Client("${key}", host="${host}", gzip=True)
client.identify(user_id="u-1", traits={"email": "ann@example.com", "country": "CA"})
client.track(user_id="u-1", event="Order Completed", properties={"total": 12.5})
client.flush()`;
}

function node(host: string, key: string): string {
  return `// npm install @segment/analytics-node
import { Analytics } from "@segment/analytics-node";

const analytics = new Analytics({ writeKey: "${key}", host: "${host}" });
analytics.identify({ userId: "u-1", traits: { email: "ann@example.com", country: "CA" } });
analytics.track({ userId: "u-1", event: "Order Completed", properties: { total: 12.5 } });
await analytics.closeAndFlush();`;
}

function curl(host: string, key: string): string {
  return `curl "${host}/v1/identify" -u "${key}:" \\
  -d '{"userId": "u-1", "traits": {"email": "ann@example.com", "country": "CA"}}'`;
}

function image(host: string, key: string): string {
  return `<img src="${host}/v1/pixel/track?writeKey=${key}&userId=u-1&event=Read" alt="">`;
}
