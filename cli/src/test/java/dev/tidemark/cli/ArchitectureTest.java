package dev.tidemark.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between the modules, as docs/ARCHITECTURE.md draws them. */
@AnalyzeClasses(packages = "dev.tidemark", importOptions = ArchitectureTest.MainCode.class)
final class ArchitectureTest {
    @ArchTest
    static final ArchRule modulesDependDownwards = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("feature-defs")
            .definedBy("dev.tidemark.defs..")
            .layer("engine")
            .definedBy("dev.tidemark.engine..")
            .layer("stores")
            .definedBy("dev.tidemark.stores..")
            .layer("jobs")
            .definedBy("dev.tidemark.jobs..")
            .layer("serving")
            .definedBy("dev.tidemark.serving..")
            .layer("sandbox")
            .definedBy("dev.tidemark.sandbox..")
            .layer("cli")
            .definedBy("dev.tidemark.cli..")
            .whereLayer("cli")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("jobs")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("serving")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("sandbox")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("stores")
            .mayOnlyBeAccessedByLayers("jobs", "serving", "cli")
            .whereLayer("engine")
            .mayOnlyBeAccessedByLayers("stores", "jobs", "serving", "cli")
            .whereLayer("feature-defs")
            .mayOnlyBeAccessedByLayers("engine", "stores", "jobs", "serving", "cli");

    @ArchTest
    static final ArchRule theCoreKnowsNoFramework = noClasses()
            .that()
            .resideInAnyPackage("dev.tidemark.defs..", "dev.tidemark.engine..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.apache.flink..", "org.apache.kafka..", "redis..", "io.javalin..", "java.sql..", "java.net..");

    @ArchTest
    static final ArchRule servingKnowsNoFlink = noClasses()
            .that()
            .resideInAnyPackage("dev.tidemark.serving..", "dev.tidemark.stores..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.flink..");

    @ArchTest
    static final ArchRule modulesHaveNoCycles =
            slices().matching("dev.tidemark.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule commandsAreCalledSo = classes()
            .that()
            .areAnnotatedWith(picocli.CommandLine.Command.class)
            .and()
            .resideInAPackage("dev.tidemark.cli")
            .should()
            .haveSimpleNameEndingWith("Command")
            .orShould()
            .haveSimpleName("Tidemark");

    /** What is shipped: neither this module's tests nor the test jars of the others. */
    static final class MainCode implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("test-classes") && !location.contains("-tests.jar");
        }
    }
}
