import { doc, type Doc } from '../bson/values';
import type { Plan } from './planner';

/** A plan in the words of MongoDB's `explain`. */
export function describePlan(plan: Plan | undefined): Doc {
  if (!plan) return doc({ stage: 'EOF' });
  const access = plan.residual && plan.index ? doc({ stage: 'FETCH', inputStage: accessOf(plan) }) : accessOf(plan);
  return plan.sorted ? access : doc({ stage: 'SORT', inputStage: access });
}

function accessOf({ index, backward, ranges }: Plan): Doc {
  const direction = backward ? 'backward' : 'forward';
  if (!index) return doc({ stage: 'COLLSCAN', direction });
  return doc({
    stage: 'IXSCAN',
    indexName: index.name,
    keyPattern: index.spec.get('key'),
    isMultiKey: index.isMultikey,
    direction,
    ranges: ranges.length,
  });
}
