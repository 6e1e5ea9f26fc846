"""Training steps of the benchmark's networks in PyTorch.

Started with a number of threads. Reads lines `run <model> <steps>`, answers each with the median
milliseconds of a step, and those of the first step with the model's creation.
"""
import statistics
import sys
import time

import torch
from torch import nn


def cnn(normalize):
    extra = (lambda c: [nn.BatchNorm2d(c, eps=1e-3, momentum=0.01)]) if normalize else (lambda c: [])
    return nn.Sequential(
        nn.Conv2d(1, 32, 3), *extra(32), nn.ReLU(), nn.Conv2d(32, 64, 3), *extra(64), nn.ReLU(), nn.MaxPool2d(2),
        nn.Dropout(0.25), nn.Flatten(), nn.Linear(9216, 128), nn.ReLU(), nn.Dropout(0.5), nn.Linear(128, 10))


def mlp_128():
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))


def adam(parameters):
    return torch.optim.Adam(parameters, 1e-3)


# name: network, optimizer, batch
MODELS = {
    "cnn": (lambda: cnn(False), adam, 128),
    "cnn-batch-norm": (lambda: cnn(True), adam, 128),
    "cnn-5x5": (lambda: nn.Sequential(
        nn.Conv2d(1, 32, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(3136, 1024), nn.ReLU(), nn.Dropout(0.5), nn.Linear(1024, 10)),
        lambda p: torch.optim.SGD(p, 0.1), 128),
    "mlp": (lambda: nn.Sequential(
        nn.Flatten(), nn.Linear(784, 512), nn.ReLU(), nn.Dropout(0.2),
        nn.Linear(512, 512), nn.ReLU(), nn.Dropout(0.2), nn.Linear(512, 10)),
        lambda p: torch.optim.RMSprop(p, 1e-3, alpha=0.9), 128),
    "mlp-128": (mlp_128, adam, 128),
    "mlp-128-batch-32": (mlp_128, adam, 32),
    "logistic": (lambda: nn.Sequential(nn.Flatten(), nn.Linear(784, 10)), adam, 128),
}


def stepper(name):
    network, optimizer_of, batch = MODELS[name]
    model = network()
    optimizer = optimizer_of(model.parameters())
    criterion = nn.CrossEntropyLoss()
    # Bright pixels in the middle, a constant background around, like a digit.
    x = torch.zeros(batch, 1, 28, 28)
    x[:, :, 6:22, 6:22] = torch.rand(batch, 1, 16, 16)
    y = torch.arange(batch) % 10

    def step():
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


torch.set_num_threads(int(sys.argv[1]))
steppers = {}
print(torch.__version__, flush=True)
for line in sys.stdin:
    _, name, steps = line.split()
    if name not in steppers:
        began = time.perf_counter()
        step = stepper(name)
        step()
        steppers[name] = step, (time.perf_counter() - began) * 1e3
    step, first = steppers[name]
    for _ in range(2):
        step()
    times = []
    for _ in range(int(steps)):
        start = time.perf_counter()
        step()
        times.append((time.perf_counter() - start) * 1e3)
    print(statistics.median(times), first, flush=True)
