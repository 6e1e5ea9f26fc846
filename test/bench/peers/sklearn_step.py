"""Training steps of the benchmark's MLP in scikit-learn's MLPClassifier.

Reads lines `run <network> <milliseconds>`, answers each with JSON as serve.mjs does. `partial_fit` over many rows takes
one Adam step a batch; its checks of the input are paid once for all of them.
"""
import json
import sys
import time

import numpy as np
import sklearn
from sklearn.neural_network import MLPClassifier

BATCH = {"mlp-128": 128, "mlp-128-batch-32": 32}
STEPS = 20  # a call
CLASSES = np.arange(10)


def rows(count):
    x = np.zeros((count, 28, 28), np.float32)
    x[:, 6:22, 6:22] = np.random.default_rng(1).random((count, 16, 16))
    return x.reshape(count, 784), np.arange(count) % 10


def open_model(batch):
    began = time.perf_counter()
    model = MLPClassifier((128,), batch_size=batch, alpha=0.0, learning_rate_init=1e-3)
    x, y = rows(batch * STEPS)
    model.partial_fit(x[:batch], y[:batch], CLASSES)
    return model, x, y, (time.perf_counter() - began) * 1e3


models = {}
print(f"scikit-learn {sklearn.__version__}", flush=True)
for line in sys.stdin:
    _, name, budget = line.split()
    if name not in BATCH:
        print(json.dumps({"refused": "it has no such network"}), flush=True)
        continue
    if name not in models:
        models[name] = open_model(BATCH[name])
    model, x, y, first = models[name]
    times = []
    end = time.perf_counter() + float(budget) / 1e3
    while not times or time.perf_counter() < end:
        start = time.perf_counter()
        model.partial_fit(x, y)
        times.append((time.perf_counter() - start) * 1e3 / STEPS)
    print(json.dumps({"ms": sorted(times)[len(times) // 2], "steps": len(times) * STEPS, "batch": BATCH[name], "first": first, "loss": model.loss_}), flush=True)
