package io.nsm.supervisor.wire;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells Jackson that the records of a sealed interface are told apart by their {@code kind}. */
final class SealedKinds extends JacksonAnnotationIntrospector {
  private static final long serialVersionUID = 1L;
  private static final JsonTypeInfo.Value KIND =
      JsonTypeInfo.Value.construct(
          JsonTypeInfo.Id.NAME, JsonTypeInfo.As.PROPERTY, "kind", null, false, true);

  @Override
  public JsonTypeInfo.@Nullable Value findPolymorphicTypeInfo(
      MapperConfig<?> config, Annotated annotated) {
    if (annotated instanceof AnnotatedClass && sealedParent(annotated.getRawType()).isPresent()) {
      return KIND;
    }
    return super.findPolymorphicTypeInfo(config, annotated);
  }

  @Override
  public @Nullable List<NamedType> findSubtypes(Annotated annotated) {
    Class<?> type = annotated.getRawType();
    if (annotated instanceof AnnotatedClass && isOurs(type)) {
      return Arrays.stream(type.getPermittedSubclasses())
          .map(subtype -> new NamedType(subtype, kind(subtype)))
          .toList();
    }
    return super.findSubtypes(annotated);
  }

  @Override
  public @Nullable String findTypeName(AnnotatedClass annotated) {
    Class<?> type = annotated.getRawType();
    return sealedParent(type).isPresent() && !type.isInterface()
        ? kind(type)
        : super.findTypeName(annotated);
  }

  private static String kind(Class<?> type) {
    String name = type.getSimpleName();
    return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
  }

  private static Optional<Class<?>> sealedParent(Class<?> type) {
    if (isOurs(type)) {
      return Optional.of(type);
    }
    return Arrays.stream(type.getInterfaces())
        .<Class<?>>map(parent -> parent)
        .filter(SealedKinds::isOurs)
        .findFirst();
  }

  /** Sealed types of the JDK (parts of its own machinery) are left alone. */
  private static boolean isOurs(Class<?> type) {
    return type.isInterface() && type.isSealed() && type.getName().startsWith("io.nsm.");
  }
}
