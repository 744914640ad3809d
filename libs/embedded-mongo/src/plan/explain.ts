import { doc, type Doc } from '../bson/values';
import type { Plan } from './planner';

/** A plan in the words of MongoDB's `explain`. */
export function describePlan(plan: Plan | undefined): Doc {
  if (!plan) return doc({ stage: 'EOF' });
  const access = plan.residual ? doc({ stage: 'FETCH', inputStage: accessOf(plan) }) : accessOf(plan);
  return plan.sorted ? access : doc({ stage: 'SORT', inputStage: access });
}

function accessOf(plan: Plan): Doc {
  const direction = plan.backward ? 'backward' : 'forward';
  if (plan.branches) return doc({ stage: 'OR', inputStages: plan.branches.map((branch) => describePlan(branch)) });
  if (!plan.index) return doc({ stage: 'COLLSCAN', direction });
  return doc({
    stage: 'IXSCAN',
    indexName: plan.index.name,
    keyPattern: plan.index.spec.get('key'),
    isMultiKey: plan.index.isMultikey,
    direction,
    ranges: plan.ranges.length,
  });
}
