# Which of the other measurements tell how long an iris's sepal is? A linear regression of
# Sepal.Length on all other variables of R's own data set, stored in three ways.
#
# Run in this chapter's folder:  Rscript code/iris.R   or, if it has changed:  mmbook results run
# mmbook-results: results/iris.csv, results/iris.Rda, results/iris-model.rds

fit <- lm(Sepal.Length ~ ., data = iris)
coefficients <- coef(summary(fit))

dir.create("results", showWarnings = FALSE)
write.csv(coefficients, "results/iris.csv")
# Version 2 can be read by every R since 1.4.
save(coefficients, file = "results/iris.Rda", version = 2)
saveRDS(fit, "results/iris-model.rds", version = 2)
