package dev.tidemark.serving;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.tidemark", importOptions = ArchitectureTest.MainClasses.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule SERVING_NEVER_SEES_JOBS_OR_FLINK = noClasses()
            .that()
            .resideInAPackage("dev.tidemark.serving..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.tidemark.jobs..", "dev.tidemark.sandbox..", "org.apache.flink..", "org.apache.kafka..");

    @ArchTest
    static final ArchRule SERVING_LEAVES_SQL_AND_REDIS_TO_THE_STORES = noClasses()
            .that()
            .resideInAPackage("dev.tidemark.serving..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "redis.clients..", "org.flywaydb..");

    @ArchTest
    static final ArchRule STORES_KNOW_NOBODY_ABOVE_THEM = noClasses()
            .that()
            .resideInAPackage("dev.tidemark.stores..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.tidemark.serving..",
                    "dev.tidemark.jobs..",
                    "dev.tidemark.sandbox..",
                    "org.apache.flink..",
                    "org.apache.kafka..");

    /** Leaves out tests, which other modules bring as test-classes or, packed, as a jar of tests. */
    static final class MainClasses implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/test-classes/") && !location.contains("-tests.jar");
        }
    }
}
