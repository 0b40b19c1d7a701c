// node driver.mjs CASES.json SECONDS: decides all cases with @cloud-copilot/iam-simulate, again and again for the given
// CPU seconds, and prints {"per_second": number, "decisions": [string, one per case]}.
import { readFileSync } from 'node:fs'
import { runSimulation } from '@cloud-copilot/iam-simulate'

const named = (documents) => documents.map((policy, index) => ({ name: `policy ${index}`, policy }))
const simulations = JSON.parse(readFileSync(process.argv[2], 'utf8')).map((given) => ({
  request: {
    principal: given.principal,
    action: given.action,
    resource: { resource: given.resource, accountId: given.account },
    contextVariables: given.context,
  },
  identityPolicies: named(given.identity),
  permissionBoundaryPolicies: given.boundary.length ? named(given.boundary) : undefined,
  serviceControlPolicies: given.scps.map((level, index) => ({ orgIdentifier: `level ${index}`, policies: named(level) })),
  resourceControlPolicies: [],
  sessionPolicy: given.session[0],
}))

const names = { Allowed: 'allowed', ImplicitlyDenied: 'implicitDeny', ExplicitlyDenied: 'explicitDeny' }
const decideAll = async () => {
  const decisions = []
  for (const simulation of simulations) {
    const answer = await runSimulation(simulation, {})
    decisions.push(names[answer.overallResult] ?? answer.resultType)
  }
  return decisions
}
const spent = (since) => {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1e6
}

const decisions = await decideAll()
const started = process.cpuUsage()
let decided = 0
do {
  await decideAll()
  decided += simulations.length
} while (spent(started) < Number(process.argv[3]))
process.stdout.write(JSON.stringify({ per_second: decided / spent(started), decisions }))
