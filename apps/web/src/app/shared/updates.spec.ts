import { TestBed } from '@angular/core/testing';
import { SwUpdate } from '@angular/service-worker';
import { Subject } from 'rxjs';
import { eventually } from '../../testing/eventually';
import { Notes } from './notes';
import { Updates } from './updates';
import { WholePage } from './whole-page';

describe('Updates', () => {
  const reload = jest.fn<void, []>();
  const offer = jest.fn<Promise<boolean>, [text: string, action: string]>();
  const checkForUpdate = jest.fn<Promise<boolean>, []>();
  let worker: { isEnabled: boolean; versionUpdates: Subject<{ type: string }>; unrecoverable: Subject<unknown> };

  beforeEach(() => {
    jest.resetAllMocks();
    worker = { isEnabled: true, versionUpdates: new Subject(), unrecoverable: new Subject() };
    const providers = [
      { provide: SwUpdate, useValue: { ...worker, checkForUpdate } },
      { provide: Notes, useValue: { offer } },
      { provide: WholePage, useValue: { reload } },
    ];
    TestBed.configureTestingModule({ providers });
  });

  it('offers a version once it is here, and reloads only if that is wanted', async () => {
    offer.mockResolvedValueOnce(false).mockResolvedValueOnce(true);
    TestBed.inject(Updates);
    worker.versionUpdates.next({ type: 'VERSION_DETECTED' });
    worker.versionUpdates.next({ type: 'VERSION_READY' });
    await eventually(() => expect(offer.mock.calls).toEqual([['A new version is there.', 'Reload']]));
    expect(reload).not.toHaveBeenCalled();
    worker.unrecoverable.next({});
    await eventually(() => expect(reload).toHaveBeenCalledTimes(1));
    expect(offer).toHaveBeenCalledTimes(2);
  });

  it('minds no server that is out of reach', async () => {
    checkForUpdate.mockRejectedValue(new Error('offline'));
    TestBed.inject(Updates).check();
    await expect(checkForUpdate.mock.results[0]?.value).rejects.toThrow('offline');
  });
});
