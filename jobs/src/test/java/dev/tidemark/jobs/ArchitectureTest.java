package dev.tidemark.jobs;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.tidemark", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule jobsKnowOnlyEngineStoresAndDefinitions = classes()
            .that()
            .resideInAPackage("dev.tidemark.jobs..")
            .should()
            .onlyAccessClassesThat(not(resideInAPackage("dev.tidemark.."))
                    .or(resideInAnyPackage(
                            "dev.tidemark.jobs..",
                            "dev.tidemark.engine..",
                            "dev.tidemark.stores..",
                            "dev.tidemark.defs..")));

    @ArchTest
    static final ArchRule recordsKnowNoOperator = noClasses()
            .that()
            .resideInAPackage("dev.tidemark.jobs.record..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.tidemark.jobs.ingest..",
                    "dev.tidemark.jobs.view..",
                    "dev.tidemark.jobs.sink..",
                    "dev.tidemark.jobs.kafka..",
                    "dev.tidemark.jobs.files..",
                    "dev.tidemark.jobs.audit..",
                    "dev.tidemark.jobs.backfill..",
                    "dev.tidemark.jobs.takeover..");
}
