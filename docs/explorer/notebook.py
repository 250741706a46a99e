"""A notebook to move parameters in: ``marimo run docs/explorer/notebook.py``."""

import marimo

app = marimo.App(app_title="template-kernels")


@app.cell
def _():
    import marimo as mo
    import matplotlib.pyplot as plt

    from kernels import Cosine, Quadrature, TransformerKernel
    from theory import TemplateTask, learning_curve, template_matrix
    from validation.plots.style import LOOKS, styled

    # Good to 1e-8, in some milliseconds a value.
    attention = Quadrature(tolerance=1e-8)
    sizes = [100, 300, 1_000, 3_000, 10_000, 30_000]
    return (
        Cosine,
        LOOKS,
        TemplateTask,
        TransformerKernel,
        attention,
        learning_curve,
        mo,
        plt,
        sizes,
        styled,
        template_matrix,
    )


@app.cell
def _(mo, sizes):
    templates = mo.ui.text("αα=1 αβ=-1", label="templates with labels")
    beta = mo.ui.slider(0.25, 4.0, 0.25, value=2.0, label="β", show_value=True)
    gamma = mo.ui.slider(0.0, 3.0, 0.25, value=1.0, label="γ", show_value=True)
    b1 = mo.ui.slider(0.25, 2.0, 0.25, value=1.0, label="b1", show_value=True)
    b2 = mo.ui.slider(0.0, 1.5, 0.1, value=1.2, label="b2", show_value=True)
    n = mo.ui.slider(steps=sizes, value=1_000, label="n", show_value=True)
    m = mo.ui.slider(steps=sizes, value=1_000, label="m", show_value=True)
    mo.vstack([templates, beta, gamma, b1, b2, n, m])
    return b1, b2, beta, gamma, m, n, templates


@app.cell
def _(Cosine, TemplateTask, TransformerKernel, attention, b1, b2, beta, gamma, templates):
    task = TemplateTask.parse(templates.value.split())
    activation = Cosine(b1.value, b2.value)
    kernel = TransformerKernel(beta.value, gamma.value, activation, attention)
    return kernel, task


@app.cell
def _(kernel, mo, task, template_matrix):
    N = template_matrix(kernel, task)
    eigenvalues = ", ".join(map(str, N.eigenvalues))
    mo.vstack([N.entries, mo.md(f"eigenvalues: {eigenvalues}"), mo.md(str(N.verdict.outcome))])
    return


@app.cell
def _(LOOKS, kernel, learning_curve, m, n, plt, sizes, styled, task):
    points = learning_curve(
        kernel, task, samples=sizes, alphabet=m.value, alpha=0.1, noise=0.1, sparse=False
    )
    errors = [point.error for point in points]
    with styled():
        figure, axes = plt.subplots(figsize=(5.6, 3.3))
        axes.loglog(sizes, errors, label="formula B9, not proved", **LOOKS[0].keywords)
        bounds = [point.error_bound for point in points]
        axes.loglog(sizes, bounds, label="proved bound", **LOOKS[1].keywords)
        axes.axvline(n.value, color="#666666", linewidth=1.0)
        axes.set_xlabel(f"samples n of {m.value:,} symbols")
        axes.set_ylabel("error on unseen symbols")
        axes.legend()
    figure
    return


if __name__ == "__main__":
    app.run()
