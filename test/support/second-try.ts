// A machine of CI does other things too. What fails there is tried once more, and said in any case: see CONTRIBUTING.md.
if (process.env['CI']) jest.retryTimes(1, { logErrorsBeforeRetry: true });
