// Calls the typed operations of the JavaScript clients, and prints what came of each as a line of JSON.
// Settings come from the environment: EMULATOR_URL, AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET,
// AZURE_SUBSCRIPTION_ID, AZURE_RESOURCE_GROUP, AZURE_WORKSPACE_NAME, AZURE_WORKSPACE_ID, NODE_EXTRA_CA_CERTS.

import { randomUUID } from "node:crypto";
import { SecurityInsights } from "@azure/arm-securityinsight";
import { ClientSecretCredential } from "@azure/identity";
import { LogsQueryClient } from "@azure/monitor-query-logs";

const env = process.env;
const credential = new ClientSecretCredential(env.AZURE_TENANT_ID, env.AZURE_CLIENT_ID, env.AZURE_CLIENT_SECRET, {
  authorityHost: env.EMULATOR_URL,
  disableInstanceDiscovery: true,
});
const logs = new LogsQueryClient(credential, {
  endpoint: `${env.EMULATOR_URL}/v1`,
  audience: "https://api.loganalytics.io",
});
const sentinel = new SecurityInsights(credential, env.AZURE_SUBSCRIPTION_ID, {
  endpoint: env.EMULATOR_URL,
  credentialScopes: "https://management.azure.com/.default",
});
const at = [env.AZURE_RESOURCE_GROUP, env.AZURE_WORKSPACE_NAME];
const called = new Set();

async function call(name, operation) {
  called.add(name);
  try {
    let result = await operation();
    if (result && typeof result.next === "function") {
      const items = [];
      for await (const item of result) items.push(item);
      result = items;
    }
    console.log(JSON.stringify({ name, error: null }));
    return result;
  } catch (error) {
    console.log(JSON.stringify({ name, error: `${error.name}: ${String(error.message).split("\n")[0]}` }));
    return undefined;
  }
}

const ask = (name, ...given) => {
  const [group, operation] = name.split(".");
  return call(`SecurityInsights.${name}`, () => sentinel[group][operation](...at, ...given));
};

async function life(group, body, ...above) {
  const name = randomUUID();
  const made = await ask(`${group}.createOrUpdate`, ...above, name, body);
  await ask(`${group}.get`, ...above, name);
  await ask(`${group}.list`, ...above);
  await ask(`${group}.delete`, ...above, name);
  return made;
}

const day = { duration: "P1D" };
const workspace = env.AZURE_WORKSPACE_ID;
await call("LogsQueryClient.queryWorkspace", () => logs.queryWorkspace(workspace, "SigninLogs | count", day));
await call("LogsQueryClient.queryResource", () =>
  logs.queryResource(env.WORKSPACE_RESOURCE_ID, "Heartbeat | count", day),
);
await call("LogsQueryClient.queryBatch", async () => {
  const found = await logs.queryBatch([{ workspaceId: workspace, query: "AuditLogs | count", timespan: day }]);
  if (found[0].status !== "Success") throw new Error(`the batch gave ${found[0].status}`);
  return found;
});

await life("incidents", { title: "x", severity: "Low", status: "New" });
const incidents = await ask("incidents.list");
const oldest = incidents[incidents.length - 1].name;
for (const operation of ["listAlerts", "listEntities", "listBookmarks"]) await ask(`incidents.${operation}`, oldest);
await ask("incidents.runPlaybook", oldest, { requestBody: { logicAppsResourceId: "/x" } });
await life("incidentComments", { message: "hi" }, oldest);
const mark = randomUUID();
const bookmark = await ask("bookmarks.createOrUpdate", mark, { displayName: "b", query: "SigninLogs" });
await life("incidentRelations", { relatedResourceId: bookmark.id }, oldest);
const incident = await ask("incidents.get", oldest);
await life("bookmarkRelations", { relatedResourceId: incident.id }, mark);
const window = { startTime: new Date("2026-01-01"), endTime: new Date("2027-01-01") };
await ask("bookmarkOperations.expand", mark, { ...window, expansionId: randomUUID() });
await ask("bookmarks.get", mark);
await ask("bookmarks.list");
await ask("bookmarks.delete", mark);

const rule = randomUUID();
await ask("alertRules.createOrUpdate", rule, {
  kind: "Scheduled",
  displayName: "x",
  enabled: true,
  severity: "Low",
  query: "SigninLogs",
  queryFrequency: "PT1H",
  queryPeriod: "PT1H",
  triggerOperator: "GreaterThan",
  triggerThreshold: 0,
  suppressionDuration: "PT1H",
  suppressionEnabled: false,
});
await ask("alertRules.get", rule);
await ask("alertRules.list");
await ask("actions.createOrUpdate", rule, rule, { logicAppResourceId: "/x/workflows/p", triggerUri: "https://x" });
await ask("actions.listByAlertRule", rule);
await ask("actions.get", rule, rule);
await ask("actions.delete", rule, rule);
await ask("alertRules.delete", rule);
const templates = await ask("alertRuleTemplates.list");
await ask("alertRuleTemplates.get", templates[0].name);
const automation = await ask("automationRules.list");
const { displayName, order, triggeringLogic, actions } = automation[0];
await ask("automationRules.createOrUpdate", rule, {
  automationRuleToUpsert: { displayName, order, triggeringLogic, actions },
});
await ask("automationRules.get", rule);
await ask("automationRules.delete", rule);

await ask("watchlists.createOrUpdate", "wl", {
  displayName: "x",
  provider: "p",
  source: "Local file",
  itemsSearchKey: "A",
  rawContent: "A,B\n1,2",
  contentType: "text/csv",
  numberOfLinesToSkip: 0,
});
await ask("watchlists.get", "wl");
await ask("watchlists.list");
await life("watchlistItems", { itemsKeyValue: { A: "2" } }, "wl");
await ask("watchlists.delete", "wl");

const connectors = await ask("dataConnectors.list");
const connector = randomUUID();
await ask("dataConnectors.createOrUpdate", connector, connectors[0]);
await ask("dataConnectors.get", connector);
await ask("dataConnectors.delete", connector);
await ask("dataConnectors.createOrUpdate", connector, { kind: "GenericUI" });
await ask("dataConnectors.connect", connector, { kind: "Basic", userName: "x", password: "y" });
await ask("dataConnectors.disconnect", connector);
await ask("dataConnectorsCheckRequirementsOperations.post", { kind: "AzureActiveDirectory" });

const indicator = {
  kind: "indicator",
  displayName: "x",
  source: "s",
  pattern: "[ipv4-addr:value = '203.0.113.9']",
  patternType: "ipv4-addr",
  threatTypes: ["a"],
};
await ask("threatIntelligenceIndicators.list");
const written = await ask("threatIntelligenceIndicator.createIndicator", indicator);
await ask("threatIntelligenceIndicator.get", written.name);
await ask("threatIntelligenceIndicator.create", written.name, indicator);
await ask("threatIntelligenceIndicator.listQueryIndicators", { pageSize: 10, minConfidence: 90 });
await ask("threatIntelligenceIndicator.appendTags", written.name, { threatIntelligenceTags: ["x"] });
await ask("threatIntelligenceIndicator.replaceTags", written.name, { ...indicator, threatIntelligenceTags: ["y"] });
await ask("threatIntelligenceIndicator.delete", written.name);
await ask("threatIntelligenceIndicatorMetrics.list");

const entities = await ask("entities.list");
const address = entities.find((item) => item.kind.toLowerCase() === "ip").name;
await ask("entities.get", address);
await ask("entities.getInsights", address, window);
await ask("entities.queries", address, "Insight");
await ask("entitiesGetTimeline.list", address, window);
await ask("entitiesRelations.list", address);
const queries = await ask("entityQueries.list", { kind: "Expansion" });
const expansion = queries.find((item) => item.inputEntityType.toLowerCase() === "ip").name;
await ask("entities.expand", address, { ...window, expansionId: expansion });
await life("entityQueries", { kind: "Activity", title: "x", content: "y", inputEntityType: "Account" });
await call("SecurityInsights.iPGeodata.get", () => sentinel.iPGeodata.get(at[0], "198.51.100.10"));
await call("SecurityInsights.domainWhois.get", () => sentinel.domainWhois.get(at[0], "contoso.com"));

const metadata = (await ask("metadata.list"))[0].name;
await ask("metadata.get", metadata);
await ask("metadata.update", metadata, { version: "2.0.0" });
await ask("metadata.create", "new", { parentId: "/x", kind: "AnalyticsRule" });
await ask("metadata.delete", "new");
await ask("sourceControlOperations.listRepositories", "Github");
const source = randomUUID();
await ask("sourceControls.create", source, {
  displayName: "x",
  repoType: "Github",
  contentTypes: ["AnalyticRule"],
  repository: { url: "https://git.contoso.example/x", branch: "main" },
});
await ask("sourceControls.get", source);
await ask("sourceControls.list");
await ask("sourceControls.delete", source);
await life("securityMLAnalyticsSettings", { kind: "Anomaly", displayName: "x", enabled: true });
await ask("productSettings.list");
await ask("productSettings.get", "EyesOn");
await ask("productSettings.update", "EyesOn", { kind: "EyesOn" });
await ask("productSettings.delete", "EyesOn");

// Last: once Sentinel is deleted from the workspace, everything of Sentinel answers as not onboarded.
await call("SecurityInsights.operations.list", () => sentinel.operations.list());
await ask("sentinelOnboardingStates.list");
await ask("sentinelOnboardingStates.get", "default");
await ask("sentinelOnboardingStates.create", "default");
await ask("sentinelOnboardingStates.delete", "default");

// What the clients have and nobody called.
const has = (held) => Object.getOwnPropertyNames(Object.getPrototypeOf(held));
const groups = Object.entries(sentinel).filter(([, held]) => /Impl$/.test(held?.constructor?.name ?? ""));
const typed = [
  ...has(logs).map((name) => `LogsQueryClient.${name}`),
  ...groups.flatMap(([group, held]) => has(held).map((name) => `SecurityInsights.${group}.${name}`)),
].filter((name) => !/constructor$|Paging(Page|All)$|\._/.test(name));
console.log(JSON.stringify({ notCalled: typed.filter((name) => !called.has(name)) }));
