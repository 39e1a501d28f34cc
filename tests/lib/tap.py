"""Runs named tests and prints TAP.

    sys.exit(tap.run([("name", function), ...]))
    sys.exit(tap.run(tap.collect(globals(), rig)))

A test passes when it returns and fails when it raises; what it raised becomes
a comment, with the line of the test where that happened.
"""
import sys
import traceback


def collect(names, *arguments):
    """All functions test_* of a module, in the order of their definition.

    Each is given as many of the arguments as it takes.
    """
    tests = [(name[5:].replace("_", " "), value)
             for name, value in names.items()
             if name.startswith("test_") and callable(value)]
    return [(name, lambda test=test: test(
                *arguments[:test.__code__.co_argcount]))
            for name, test in tests]


def _explain(error):
    frames = traceback.extract_tb(error.__traceback__)[1:]
    where = " < ".join("%s:%d" % (f.name, f.lineno) for f in frames[::-1])
    text = str(error) or (frames[-1].line if frames else "")
    return "%s: %s (%s)" % (type(error).__name__,
                            " ".join(text.split())[:1000], where)


def run(tests, verbose=False):
    """Run them all; 0 when all passed, else 1."""
    failed = 0
    print("1..%d" % len(tests), flush=True)
    for number, (name, test) in enumerate(tests, 1):
        name = name.replace("#", "\\#")
        try:
            test()
            print("ok %d - %s" % (number, name), flush=True)
        except Exception as error:
            failed += 1
            print("not ok %d - %s\n# %s" % (number, name, _explain(error)),
                  flush=True)
            if verbose:
                traceback.print_exc(file=sys.stderr)
    return int(failed > 0)


def poll(what, seconds=10, pause=0.01):
    """Wait until what() is true; its value.  Time out: AssertionError."""
    import time
    until = time.monotonic() + seconds
    while True:
        value = what()
        if value:
            return value
        if time.monotonic() > until:
            raise AssertionError("waited %g s in vain" % seconds)
        time.sleep(pause)
